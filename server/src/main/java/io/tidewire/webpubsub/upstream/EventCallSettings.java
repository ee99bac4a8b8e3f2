package io.tidewire.webpubsub.upstream;

/**
 * How event handlers and event listeners are called.
 *
 * @param maxWaitingBytes events of one client that wait for their turn
 * @param retries how often a call is tried again after a network error, 408 or 5xx (reference F.7)
 * @param maxListenerBytes events that wait for one event listener; more are dropped
 */
public record EventCallSettings(int maxWaitingBytes, int retries, int maxListenerBytes) {
    public static final EventCallSettings DEFAULT = new EventCallSettings(16 * 1024 * 1024, 3, 16 * 1024 * 1024);
}
