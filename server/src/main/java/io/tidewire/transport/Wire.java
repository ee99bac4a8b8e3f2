package io.tidewire.transport;

import io.netty.channel.EventLoop;

/**
 * The way back to one client, whichever transport carries it. Every method is called on {@link #loop()}.
 */
public interface Wire {
    /** The thread of this client, for life. */
    EventLoop loop();

    /** For logs and metrics: {@code WebSockets}, {@code ServerSentEvents} or {@code LongPolling}. */
    String transport();

    /** Whether frames may be anything; otherwise they must be text. */
    default boolean carriesBinary() {
        return true;
    }

    /**
     * Queues the frame, which goes out at the end of this pass of the event loop together with whatever else was queued.
     * When the client reads too slowly and the bound on unsent bytes is passed, the wire tells the {@link Session} with
     * {@link Session#onOverflow} once and takes nothing more.
     */
    void write(EncodedFrame frame);

    /**
     * Asks the client for a sign of life, which counts as read. Only for transports that know such a question; it goes ahead of frames
     * that wait.
     */
    default void ping() {
        throw new UnsupportedOperationException(transport() + " has no ping");
    }

    /** Nanoseconds ({@link System#nanoTime}) of the last write; for keep-alives. Now, where the transport needs none. */
    long lastWrite();

    /**
     * Nanoseconds of the last byte received; for the client timeout. Now, while reading is paused, and where the transport itself notices
     * that a client is gone.
     */
    long lastRead();

    /**
     * Takes no more from the client, which sooner or later can send no more. Messages that are read already still come. What
     * the wire sends is not held up.
     */
    void pauseReading();

    /** Goes on after {@link #pauseReading}. */
    void resumeReading();

    /**
     * Sends what is queued, then ends the transport. For a WebSocket: a close frame, then up to five seconds for the peer's
     * answer, then the socket is closed in any case; what polls has as long to fetch the rest. The first call wins.
     */
    void close(WireClose why);
}
