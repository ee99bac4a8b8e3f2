package io.tidewire.webpubsub.client;

import io.netty.channel.EventLoop;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Hub;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.webpubsub.protocol.ClientProtocol;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of a subprotocol as the parts of its {@code Dialogue} see it: who it is, what it may do, and the ways to answer. It lives as
 * long as the logical connection, over as many WebSockets as the client comes with. Everything here is called on {@link #loop()}.
 *
 * <p>A part takes one kind of {@link io.tidewire.webpubsub.protocol.ClientMessage} in its {@code take} method, called from the switch of
 * {@code Dialogue}, and is told of the end by {@code Dialogue.end}.
 */
interface Speaker {
    Hub hub();

    /** Its id, user, groups and permissions. */
    Connection connection();

    ClientProtocol protocol();

    /** The thread of this client, for life. */
    EventLoop loop();

    ClientSettings settings();

    /** What the client has with the application. */
    Backend.Conversation conversation();

    /** Queues a frame of the service's own (an ack, a pong) and gives it back. Dropped while the client is away, and once it is gone. */
    void write(EncodedFrame frame);

    /** Encodes a message for this client alone and queues it, with a number where the protocol is reliable. */
    void send(ServiceMessage message);

    /**
     * Takes nothing more from the client until the effect is in place, so that what one client sends takes effect in its order.
     *
     * @param then called on the loop, once, at once where the effect is there already; not when the client has ended meanwhile
     */
    <T> void await(CompletionStage<T> effect, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> then);

    /** Whether what it says next has to wait, for that or because it is not read from. */
    boolean isHeld();

    /**
     * Takes room for what the client keeps here until it is {@link #forget forgotten}, or the client ends: all clients together have only
     * so much.
     *
     * @return whether there was room
     */
    boolean keep(int bytes);

    /** Gives back what was taken. */
    void forget(int bytes);

    /** What was asked for is done. Says nothing to a client that wants no ack. */
    void ack(@Nullable Long ackId);

    /**
     * What was asked for is not done, which is counted under the error's name. Says nothing to a client that wants no ack.
     *
     * @param error such as {@code Forbidden}
     */
    void refuse(@Nullable Long ackId, String error, String message);

    /** Ends a client that broke a rule of its protocol (1007). */
    void violated(String detail);
}
