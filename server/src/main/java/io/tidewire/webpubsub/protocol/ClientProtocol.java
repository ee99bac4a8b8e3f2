package io.tidewire.webpubsub.protocol;

import io.netty.buffer.ByteBuf;
import io.tidewire.hub.Dialect;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.transport.EncodedFrame;
import org.jspecify.annotations.Nullable;

/**
 * A subprotocol: reads what its clients say and writes what they are told. What {@link #encode} makes is an {@link EncodedFrame},
 * or a {@link SequencedFrame} where the message has a number and the protocol is reliable. Frames made for one client belong to
 * the caller. Stateless; any thread.
 */
public interface ClientProtocol extends Dialect {
    /** The {@code Sec-WebSocket-Protocol}; also its {@link Dialect#name}. */
    String subprotocol();

    /** Whether its frames are binary; a client that sends the other kind is closed with 1003. */
    boolean binary();

    /** Whether messages are numbered and kept until they are acknowledged. */
    boolean reliable();

    /** Whether it can carry invocations and streams (reference L 1). */
    boolean previews();

    /**
     * Reads one message; null for one that is to be skipped.
     *
     * @param payload borrowed; its indexes stay
     * @throws ProtocolViolation for what is no message
     */
    @Nullable
    ClientMessage read(ByteBuf payload);

    /**
     * The client is in.
     *
     * @param reconnectionToken null where the client cannot come back
     */
    EncodedFrame connected(String connectionId, @Nullable String userId, @Nullable String reconnectionToken);

    EncodedFrame disconnected(String message);

    EncodedFrame ack(long ackId);

    /**
     * What the client asked for was not done.
     *
     * @param name {@code Forbidden}, {@code Duplicate}, ...
     */
    EncodedFrame failedAck(long ackId, String name, String message);

    EncodedFrame pong();

    /** An invocation went well; data is null where the handler answered without. */
    EncodedFrame invokeResponse(String invocationId, @Nullable Payload data);

    EncodedFrame failedInvokeResponse(String invocationId, String name, String message);

    EncodedFrame streamAck(String streamId, long expectedSequenceId);

    EncodedFrame streamNack(String streamId, String name, String message, long expectedSequenceId);

    /**
     * A stream has ended.
     *
     * @param error null where it ended in order
     */
    EncodedFrame streamClosed(String streamId, @Nullable StreamError error);
}
