package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void waitsLongerEachTimeUpToABoundAndStartsAnew() {
        var backoff = new Backoff(new Random(1));
        assertThat(backoff.next()).isZero();
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30, 30}) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(seconds * 500L), Duration.ofSeconds(seconds));
        }
        backoff.reset();
        assertThat(backoff.next()).isZero();
    }
}
