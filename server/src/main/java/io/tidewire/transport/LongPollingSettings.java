package io.tidewire.transport;

import java.time.Duration;

/**
 * Clocks of long polling (reference D.2).
 *
 * @param pollTimeout how long a poll waits for something to answer with
 * @param idleTimeout silence between two polls after which the client counts as gone
 */
public record LongPollingSettings(Duration pollTimeout, Duration idleTimeout) {
    public static final LongPollingSettings DEFAULT =
            new LongPollingSettings(Duration.ofSeconds(90), Duration.ofSeconds(5));
}
