package io.tidewire.webpubsub.client;

import io.netty.channel.EventLoop;
import io.tidewire.hub.Disconnect;
import io.tidewire.service.upstream.Turns;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import org.jspecify.annotations.Nullable;

/** A client as a {@link Backend} sees it. What changes the client is called on {@link #loop()}. */
public interface Caller extends Turns.Peer {
    String connectionId();

    /** Lower case. */
    String hub();

    /** Null for a client without user. */
    @Nullable
    String userId();

    /** Null for a simple client. */
    @Nullable
    String subprotocol();

    /** The thread of this client, for life. */
    EventLoop loop();

    /** Sends this client a message; nothing happens once it is gone. */
    void send(ServiceMessage.FromServer message);

    /** Ends the client and tells it why; the first call wins. */
    @Override
    void close(Disconnect why);

    /** Takes no more from the client until {@link #resume}: what is read already still comes. */
    @Override
    void pause();

    @Override
    void resume();
}
