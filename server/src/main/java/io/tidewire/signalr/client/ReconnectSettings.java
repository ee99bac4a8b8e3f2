package io.tidewire.signalr.client;

import java.time.Duration;

/**
 * Stateful reconnect (reference D.7): a client whose WebSocket broke comes back to the same connection and misses nothing.
 *
 * @param enabled whether it is granted to clients that ask for it
 * @param window how long a connection waits for its client to come back
 * @param maxReplayBytes messages kept for one client until it acknowledges them
 */
public record ReconnectSettings(boolean enabled, Duration window, int maxReplayBytes) {
    public static final ReconnectSettings DEFAULT = new ReconnectSettings(true, Duration.ofSeconds(30), 100_000);
}
