package io.tidewire.signalr.client;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.tidewire.hub.Answer;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.protocol.ClientMessage;
import io.tidewire.signalr.protocol.FramedMessages;
import io.tidewire.signalr.protocol.HubProtocol;
import io.tidewire.signalr.protocol.ServerMessage;
import io.tidewire.transport.EncodedFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The invocations that wait for a completion of one client, by their id. Confined to the client's loop.
 *
 * <p>An invocation is in here for as long as its answer is not completed, whoever completes it: this client, its end, or
 * elsewhere the patience of the asker or its leaving. So nothing but the answer has to be watched.
 */
final class PendingInvocations {
    /** Of the ids that are ours. Callers who frame an invocation themselves name it, too, and usually by a number. */
    private static final String OURS = "tidewire-";

    private final HubProtocol protocol;
    private final int limit;
    private final EventLoop loop;
    private final Map<String, CompletableFuture<Answer>> byId = new HashMap<>(4);
    private long last;

    /** @param limit how many may wait at one time */
    PendingInvocations(HubProtocol protocol, int limit, EventLoop loop) {
        this.protocol = protocol;
        this.limit = limit;
        this.loop = loop;
    }

    /**
     * Waits for a completion of the question.
     *
     * @return the invocation for the client, which the caller owns; null when it is not asked, as the answer then says
     */
    @Nullable
    EncodedFrame begin(ServerMessage question, CompletableFuture<Answer> answer) {
        if (byId.size() >= limit) {
            answer.complete(new Answer.Busy(limit));
            return null;
        }
        return switch (question) {
            case ServerMessage.Invocation(var target, var arguments) -> {
                String id = OURS + ++last;
                EncodedFrame frame = protocol.invocation(id, target, arguments);
                await(id, answer);
                yield frame;
            }
            case ServerMessage.Framed framed -> asFramed(framed, answer);
            case ServerMessage.StreamItem _, ServerMessage.StreamEnd _ ->
                throw new IllegalArgumentException("no question");
        };
    }

    /** The caller has framed the invocation and chosen its id, which goes to the client as it is. */
    private @Nullable EncodedFrame asFramed(ServerMessage.Framed question, CompletableFuture<Answer> answer) {
        String id;
        try {
            id = FramedMessages.invocationId(question, protocol);
        } catch (ProtocolViolation violation) {
            answer.complete(new Answer.Unaskable(violation.message()));
            return null;
        }
        if (byId.containsKey(id)) {
            answer.complete(new Answer.Unaskable("The invocation id '" + id + "' is waiting for an answer already"));
            return null;
        }
        EncodedFrame frame = protocol.framed(question);
        await(id, answer);
        return frame;
    }

    private void await(String id, CompletableFuture<Answer> answer) {
        byId.put(id, answer);
        var _ = answer.whenComplete((_, _) -> {
            if (loop.inEventLoop()) {
                byId.remove(id, answer);
            } else {
                loop.execute(() -> byId.remove(id, answer));
            }
        });
    }

    /** False when nobody waits for it (any more). The buffers of the completion are borrowed. */
    boolean complete(ClientMessage.Completion completion) {
        CompletableFuture<Answer> answer = byId.get(completion.invocationId());
        return answer != null && answer.complete(answerOf(completion));
    }

    private Answer answerOf(ClientMessage.Completion completion) {
        if (completion.error() != null) {
            return new Answer.Failed(completion.error());
        }
        byte[] value = completion.result() == null ? null : ByteBufUtil.getBytes(completion.result());
        return new Answer.Result(protocol.name(), value);
    }

    /** The client is gone. */
    void end() {
        for (CompletableFuture<Answer> answer : List.copyOf(byId.values())) {
            answer.complete(new Answer.Disconnected());
        }
    }

    int size() {
        return byId.size();
    }
}
