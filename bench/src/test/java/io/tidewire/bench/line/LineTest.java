package io.tidewire.bench.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LineTest {
    @Test
    void wordsKeepTheirOrderAndTextItsSpaces() {
        Line line = Line.of("workload", "out", "contestant", "bun", "text", "has ended: no file = no server");

        assertThat(line).hasToString("workload=out contestant=bun text=has ended: no file = no server");
        assertThat(Line.parse(line.toString())).isEqualTo(line);
    }

    @Test
    void whatIsNoWordIsPassedOver() {
        Line line = Line.parse("  a=1 cut =2  b=3.5 ");

        assertThat(line).isEqualTo(Line.of("a", "1", "b", "3.5"));
        assertThat(line.number("b")).isEqualTo(3.5);
    }

    @Test
    void aMissingNumberIsNotZero() {
        assertThat(Line.parse("a=x").find("a")).isEmpty();
        assertThatThrownBy(() -> Line.parse("a=1").number("b")).hasMessageContaining("No number b");
    }
}
