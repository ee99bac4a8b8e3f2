package io.tidewire.signalr.client;

import io.netty.channel.EventLoop;
import io.tidewire.hub.Disconnect;
import io.tidewire.service.upstream.Turns;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.signalr.protocol.HubProtocol;
import io.tidewire.transport.EncodedFrame;
import org.jspecify.annotations.Nullable;

/** A client as a {@link Backend} sees it. What changes the client is called on {@link #loop()}. */
public interface Caller extends Turns.Peer {
    String connectionId();

    /** The hub, as named internally: lower case, the application in front where there is one. */
    String hub();

    /** Null for an anonymous client. */
    @Nullable
    String userId();

    SignalRClaims claims();

    /** The query with which the client connected: raw, as it was sent, without {@code ?}. It may hold its token. */
    String query();

    HubProtocol protocol();

    /** The thread of this client, for life. */
    EventLoop loop();

    /** Sends a hub message and gives the frame back; nothing happens once the client is gone. */
    void send(EncodedFrame frame);

    /** Ends the client and tells it why; the first call wins. */
    @Override
    void close(Disconnect why);

    /** Takes no more from the client until {@link #resume}: what is read already still comes. */
    @Override
    void pause();

    @Override
    void resume();
}
