package io.tidewire.transport;

import io.netty.buffer.ByteBuf;

/** A service's side of one client: what a transport calls, always on the client's event loop. */
public interface Session {
    /** The transport is ready; first call. */
    void onOpen(Wire wire);

    /**
     * One whole message, fragments already joined, within the limit.
     *
     * @param payload borrowed until this returns: its indexes and bytes change afterwards, so whoever keeps something copies it
     * @param binary whether it came as a binary message
     */
    void onMessage(ByteBuf payload, boolean binary);

    /** The client answered a {@link Wire#ping}, or said by itself that it is there. */
    default void onPong() {}

    /** The client reads too slowly: its unsent bytes passed the bound. The session closes the wire. */
    void onOverflow();

    /** The transport has ended, for whatever reason; last call, exactly once. */
    void onClosed(WireEnd end);
}
