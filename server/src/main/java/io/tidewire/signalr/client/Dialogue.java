package io.tidewire.signalr.client;

import io.tidewire.hub.Answer;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hub;
import io.tidewire.signalr.protocol.ClientMessage;
import io.tidewire.signalr.protocol.ServerMessage;
import io.tidewire.signalr.protocol.StreamFrame;
import io.tidewire.transport.Chatter;
import io.tidewire.transport.EncodedFrame;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What an open client says, and what it is asked (reference D.8). Calls of methods go to the {@link Backend}, answers to those
 * who asked; without anybody for a call, it is answered here. Confined to the client's loop.
 */
final class Dialogue {
    private final ClientSession session;
    private final Hub hub;
    private final ClientSettings settings;
    private final Backend.Conversation conversation;
    private final Chatter pings;

    /** Null where a client's streams stay closed. */
    private final @Nullable OpenStreams streams;

    /** Null until the first question. */
    private @Nullable PendingInvocations invocations;

    private boolean hasPinged;

    Dialogue(ClientSession session, Hub hub, Commons commons) {
        this.session = session;
        this.hub = hub;
        this.settings = commons.settings();
        this.pings = new Chatter(commons.maxPingsPerSecond());
        this.streams = settings.openStreams() ? new OpenStreams(settings.maxOpenStreams()) : null;
        this.conversation = commons.backend().begin(session);
    }

    void take(ClientMessage message) {
        switch (message) {
            case ClientMessage.Ping _ -> ping();
            case ClientMessage.Close _ -> session.leave();
            case ClientMessage.Invocation invocation -> {
                if (!conversation.invoke(invocation)) {
                    nobodyFor(invocation);
                }
            }
            case ClientMessage.StreamInvocation stream -> open(stream);
            case ClientMessage.CancelInvocation cancel -> {
                if (streams != null) {
                    streams.cancel(cancel.invocationId());
                }
            }
            case ClientMessage.Completion completion -> {
                if (invocations == null || !invocations.complete(completion)) {
                    hub.dropped("UnknownCompletion");
                }
            }
            // Nothing that is asked for here, and types from the future (D.4).
            case ClientMessage.StreamItem _,
                    ClientMessage.Ack _,
                    ClientMessage.Sequence _,
                    ClientMessage.Unknown _ -> {}
        }
    }

    boolean hasPinged() {
        return hasPinged;
    }

    private void ping() {
        hasPinged = true;
        if (pings.isTooMuch(session.wire().lastRead())) {
            session.flooding();
        }
    }

    /** Open for the items that come over REST, where that is wanted (J 9). */
    private void open(ClientMessage.StreamInvocation stream) {
        String refusal = streams == null
                ? "Streaming invocation is not supported in serverless mode."
                : streams.open(stream.invocationId());
        if (refusal != null) {
            hub.dropped("StreamRefused");
            answer(stream.invocationId(), refusal);
        }
    }

    private void nobodyFor(ClientMessage.Invocation invocation) {
        hub.dropped("NoUpstream");
        if (invocation.invocationId() != null && settings.answerUnroutedInvocations()) {
            answer(
                    invocation.invocationId(),
                    "Invocation failed, no upstream is configured for '" + invocation.target() + "'.");
        }
    }

    private void answer(String invocationId, String error) {
        session.send(session.protocol().completion(invocationId, error));
    }

    /**
     * Waits for the client's completion of a question.
     *
     * @return what asks the client, which the caller owns; null when it is not asked, as the answer then says
     */
    @Nullable
    EncodedFrame ask(ServerMessage question, CompletableFuture<Answer> answer) {
        if (invocations == null) {
            invocations = new PendingInvocations(session.protocol(), settings.maxPendingInvocations(), session.loop());
        }
        return invocations.begin(question, answer);
    }

    /** Whether a stream item is for this client: without a record of streams, the caller alone knows what is open. */
    boolean takes(StreamFrame message) {
        if (streams == null || streams.takes(message)) {
            return true;
        }
        hub.dropped("StreamNotOpen");
        return false;
    }

    /** The client is gone, for good. */
    void end(Disconnect why) {
        if (invocations != null) {
            invocations.end();
        }
        conversation.end(why);
    }
}
