package io.tidewire.webpubsub.client;

import io.netty.buffer.ByteBuf;
import io.tidewire.hub.Disconnect;

/** What a client says once it is in, in the words of its protocol. On the client's loop. */
sealed interface Talk permits Dialogue, SimpleTalk {
    /** One message of the WebSocket; borrowed. */
    void take(ByteBuf payload, boolean binary);

    /** The client is back, over another WebSocket. */
    void returned();

    /** The client is no member of the group any more. */
    void left(String group);

    /** The client may do less than before. */
    void revoked();

    /** The client is gone, for good. */
    void end(Disconnect why);
}
