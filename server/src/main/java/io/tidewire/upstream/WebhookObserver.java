package io.tidewire.upstream;

/**
 * What the client tells about its calls. Called on its threads, concurrently; must not block or throw. JDK types only, so that
 * whoever measures needs to know nothing of this room.
 */
public interface WebhookObserver {
    /** Tells nobody. */
    WebhookObserver NONE = new WebhookObserver() {};

    /**
     * A call came to its end.
     *
     * @param outcome {@code 2xx} and the like, or the {@link WebhookOutcome.Reason} in lower case: one of a few names
     * @param nanos from the call to its end, all tries included
     */
    default void called(String outcome, long nanos) {}

    /** A call is tried again. */
    default void retried() {}

    /** A host is not called for a while. */
    default void circuitOpened() {}

    /** It is called again as usual. */
    default void circuitClosed() {}
}
