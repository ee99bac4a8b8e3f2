package io.tidewire.transport;

import java.time.Duration;

/**
 * Bounds on one WebSocket.
 *
 * @param maxMessageBytes a message from a client, fragments joined; over it close 1009
 * @param maxUnsentBytes bytes queued for a client that does not read; over it the client is closed as slow
 * @param closeTimeout how long a close waits for the peer's close frame
 * @param maxEmptyFramesPerSecond pings, pongs, empty frames and tiny fragments of one client; over it close 1008
 */
public record WebSocketSettings(
        int maxMessageBytes, int maxUnsentBytes, Duration closeTimeout, int maxEmptyFramesPerSecond) {
    public static final WebSocketSettings DEFAULT =
            new WebSocketSettings(1024 * 1024, 4 * 1024 * 1024, Duration.ofSeconds(5), 1000);
}
