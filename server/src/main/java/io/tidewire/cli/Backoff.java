package io.tidewire.cli;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before connecting again: at once, then 1, 2, 4 ... 30 s, each shortened by up to half so that many clients do not return together. */
final class Backoff {
    private static final long MAX_SECONDS = 30;

    private final RandomGenerator random;
    private int attempts;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        long seconds = attempts == 0 ? 0 : Math.min(MAX_SECONDS, 1L << Math.min(attempts - 1, 5));
        attempts++;
        return seconds == 0 ? Duration.ZERO : Duration.ofMillis(random.nextLong(seconds * 500, seconds * 1000 + 1));
    }

    /** After a success. */
    void reset() {
        attempts = 0;
    }
}
