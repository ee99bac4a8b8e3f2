package io.tidewire.service.client;

import io.tidewire.transport.Session;
import io.tidewire.transport.Wire;

/** A session whose client may come with several WebSockets, one after the other; each of them has an {@link Attachment}. */
public interface Returning extends Session {
    /** The place of one more WebSocket among those of this client: the loops may hand them over in another order. Any thread. */
    int nextArrival();

    /**
     * The client is here on this WebSocket: for the first time, or again. On the session's loop.
     *
     * @param arrival its place; 0 for the first one
     */
    void attach(Wire opened, int arrival);

    /** Whether this WebSocket is the one that speaks for the client. On the session's loop. */
    boolean speaksOver(Wire one);
}
