package io.tidewire.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void anOddNumberOfRoundsHasOneInTheMiddle() {
        assertThat(Spread.of(9, 1, 5)).isEqualTo(new Spread(5, 1, 9, 3));
    }

    @Test
    void anEvenNumberOfRoundsHasTwo() {
        assertThat(Spread.of(4, 1, 10, 2)).isEqualTo(new Spread(3, 1, 10, 4));
    }

    @Test
    void aSingleRoundIsShownWithoutARange() {
        assertThat(Spread.of(6.314).text(2)).isEqualTo("6.31");
        assertThat(Spread.of(6.314, 6.1, 7).text(1)).isEqualTo("6.3 (6.1–7.0)");
    }

    @Test
    void noRoundsAreNotZero() {
        assertThatThrownBy(() -> Spread.of()).isInstanceOf(IllegalArgumentException.class);
    }
}
