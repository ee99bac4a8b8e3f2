package io.tidewire.http;

/**
 * What a listener tells about its traffic. Called on event loops, concurrently; must not block or throw. JDK types only, so that
 * whoever measures needs to know nothing of this room.
 */
public interface HttpObserver {
    /** Tells nobody. */
    HttpObserver NONE = new HttpObserver() {};

    /** A socket was accepted. */
    default void connectionOpened() {}

    /** A socket is gone; also one that left HTTP by an upgrade. */
    default void connectionClosed() {}

    /** Accepting pauses: there are as many sockets as allowed, or accepting failed. New ones wait in the kernel. */
    default void acceptingPaused() {}

    /**
     * An operation answered.
     *
     * @param operationId that of its {@link Route}
     * @param status the HTTP status; 101 for an upgrade
     * @param nanos from the whole request to the answer
     */
    default void answered(String operationId, int status, long nanos) {}

    /**
     * A request was refused before it reached an operation.
     *
     * @param reason the code of the {@link Problem}, one of a fixed set of names
     */
    default void refused(String reason) {}
}
