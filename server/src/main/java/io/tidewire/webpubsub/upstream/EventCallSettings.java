package io.tidewire.webpubsub.upstream;

/**
 * How event handlers are called.
 *
 * @param maxWaitingBytes events of one client that wait for their turn
 */
public record EventCallSettings(int maxWaitingBytes) {
    public static final EventCallSettings DEFAULT = new EventCallSettings(16 * 1024 * 1024);
}
