package io.tidewire.signalr.protocol;

import io.tidewire.hub.Dialect;
import io.tidewire.hub.Frame;
import io.tidewire.hub.Message;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.transport.EncodedFrame;
import org.jspecify.annotations.Nullable;

/**
 * One encoding of the SignalR hub protocol: every message type as a frame that is ready for the wire (reference D.4). The
 * caller owns the frames, except for {@link #ping()}. Types 1 to 5 are {@linkplain EncodedFrame#numbered numbered}.
 * Stateless; any thread.
 *
 * <p>What reads is {@link HubMessageReader}; the handshake before it is the same for both encodings: {@link Handshake}.
 */
public sealed interface HubProtocol extends Dialect permits JsonHubProtocol, MessagePackHubProtocol {
    /** Arrays, objects and maps inside one another in one message, its envelope included. */
    int MAX_DEPTH = JsonScanner.MAX_DEPTH;

    /** Whether messages travel in binary WebSocket messages. */
    boolean binary();

    /**
     * Encodes a {@link ServerMessage}.
     *
     * @return null for a framed message that has nothing for this protocol
     * @throws IllegalArgumentException for a message of another service
     */
    @Override
    default @Nullable Frame encode(Message message) {
        if (!(message instanceof ServerMessage ours)) {
            throw new IllegalArgumentException("Not a SignalR message");
        }
        return switch (ours) {
            case ServerMessage.Invocation(String target, Arguments arguments) -> invocation(null, target, arguments);
            case ServerMessage.StreamItem(String streamId, byte[] json) ->
                new StreamFrame(streamId, false, streamItem(streamId, fromJson(json)));
            case ServerMessage.StreamEnd(String streamId, @Nullable String error) ->
                new StreamFrame(streamId, true, completion(streamId, error));
            case ServerMessage.Framed framed -> framed(framed);
        };
    }

    /**
     * A value of a client of this protocol, as JSON.
     *
     * @throws ProtocolViolation when JSON cannot say it
     */
    byte[] toJson(byte[] value);

    /** One JSON value, which a {@link JsonScanner} has accepted, for clients of this protocol. */
    byte[] fromJson(byte[] json);

    /** The part of the message that is for this protocol, as it is. */
    @Nullable
    EncodedFrame framed(ServerMessage.Framed message);

    /** Type 1; without an invocation id the receiver does not answer. */
    EncodedFrame invocation(@Nullable String invocationId, String target, Arguments arguments);

    /** Type 2; the item is one value in this encoding. */
    EncodedFrame streamItem(String invocationId, byte[] item);

    /** Type 3 without a result: the error, or success when there is none. */
    EncodedFrame completion(String invocationId, @Nullable String error);

    /** Type 3 with a result, which is one value in this encoding. */
    EncodedFrame completionWithResult(String invocationId, byte[] result);

    /** Type 4. */
    EncodedFrame streamInvocation(String invocationId, String target, Arguments arguments);

    /** Type 5. */
    EncodedFrame cancelInvocation(String invocationId);

    /** Type 6; a constant, which nobody owns. */
    EncodedFrame ping();

    /** Type 7; no error means a normal end. */
    EncodedFrame close(@Nullable String error, boolean allowReconnect);

    /** Type 8: everything up to this message has arrived. */
    EncodedFrame ack(long sequenceId);

    /** Type 9: the number of the next message that is sent, new or once more. */
    EncodedFrame sequence(long sequenceId);
}
