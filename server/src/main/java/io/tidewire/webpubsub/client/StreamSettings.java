package io.tidewire.webpubsub.client;

import java.time.Duration;

/**
 * Streaming messages (reference D.7).
 *
 * @param maxOpen streams of one connection at one time
 * @param maxIdle longest idle time that a publisher may ask for
 */
public record StreamSettings(int maxOpen, Duration maxIdle) {
    public static final StreamSettings DEFAULT = new StreamSettings(100, Duration.ofMinutes(30));
}
