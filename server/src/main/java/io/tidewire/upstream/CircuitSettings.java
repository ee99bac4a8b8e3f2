package io.tidewire.upstream;

import java.time.Duration;

/**
 * When a host is left alone for a while.
 *
 * @param failures at least so many within the window; 0 switches this off
 * @param failurePercent and at least this part of all calls within it
 * @param window over which calls are counted
 * @param openFor how long no call is made; then one is let through to see
 */
public record CircuitSettings(int failures, int failurePercent, Duration window, Duration openFor) {
    public static final CircuitSettings DEFAULT =
            new CircuitSettings(10, 50, Duration.ofSeconds(10), Duration.ofSeconds(5));
}
