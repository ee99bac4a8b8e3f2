package io.tidewire.webpubsub.client;

import java.time.Duration;

/**
 * Reliable subprotocols (reference D.5).
 *
 * @param window how long a connection waits for a client whose WebSocket broke
 * @param maxMessages kept for one client until it acknowledges them; over it the client is closed with 1008
 * @param maxBytes of those messages
 */
public record ReliableSettings(Duration window, int maxMessages, int maxBytes) {
    public static final ReliableSettings DEFAULT = new ReliableSettings(Duration.ofSeconds(30), 1000, 16 * 1024 * 1024);
}
