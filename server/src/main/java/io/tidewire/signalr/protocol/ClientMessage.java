package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a client said. Payloads are checked and carried as the bytes they came in. All buffers are borrowed: they are views
 * that end when the {@link HubMessageReader.Sink} returns; whoever keeps one retains it or copies.
 */
public sealed interface ClientMessage {
    /** The whole message in the client's encoding, without 0x1E or length prefix: what an upstream gets. */
    ByteBuf raw();

    /**
     * Calls a method.
     *
     * @param invocationId null when the client wants no answer
     * @param arguments an array
     * @param streams how many streams of its own the client announces with the call
     */
    record Invocation(@Nullable String invocationId, String target, ByteBuf arguments, int streams, ByteBuf raw)
            implements ClientMessage {}

    /** Calls a method that answers with a stream. */
    record StreamInvocation(String invocationId, String target, ByteBuf arguments, int streams, ByteBuf raw)
            implements ClientMessage {}

    /** One item of a stream that the client sends. */
    record StreamItem(String invocationId, ByteBuf item, ByteBuf raw) implements ClientMessage {}

    /** The answer to a call: an error, a result, or neither. */
    record Completion(
            String invocationId,
            @Nullable String error,
            @Nullable ByteBuf result,
            ByteBuf raw) implements ClientMessage {}

    /** The client wants no more of a stream. */
    record CancelInvocation(String invocationId, ByteBuf raw) implements ClientMessage {}

    record Ping(ByteBuf raw) implements ClientMessage {}

    record Close(@Nullable String error, boolean allowReconnect, ByteBuf raw) implements ClientMessage {}

    /** Everything up to this message has arrived at the client. */
    record Ack(long sequenceId, ByteBuf raw) implements ClientMessage {}

    /** The number of the next message that the client sends. */
    record Sequence(long sequenceId, ByteBuf raw) implements ClientMessage {}

    /** A type from the future, to be ignored (reference D.4). */
    record Unknown(int type, ByteBuf raw) implements ClientMessage {}
}
