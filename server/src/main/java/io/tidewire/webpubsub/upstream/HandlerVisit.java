package io.tidewire.webpubsub.upstream;

import io.tidewire.hub.Disconnect;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.webpubsub.client.Admission;
import io.tidewire.webpubsub.client.Arrival;
import io.tidewire.webpubsub.client.Backend;
import io.tidewire.webpubsub.client.Caller;
import io.tidewire.webpubsub.protocol.InvalidContent;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.upstream.HandlerCalls.Called;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client that wants to come in, and the {@code connect} handler that decides (reference F.3, F.4). */
final class HandlerVisit implements Backend.Visit {
    private static final int NO_DECISION = 500;

    private final Arrival arrival;
    private final HubEvents events;
    private final Commons commons;
    private final Memory memory;

    /** What a handler decided; null where none was asked. */
    private volatile Admission.@Nullable Accepted accepted;

    HandlerVisit(Arrival arrival, HubEvents events, Commons commons) {
        this.arrival = arrival;
        this.events = events;
        this.commons = commons;
        this.memory = new Memory(commons.clock());
    }

    @Override
    public CompletionStage<Admission> connect() {
        Handler handler = events.handler(Event.CONNECT);
        if (handler == null) {
            return CompletableFuture.completedStage(Admission.Accepted.UNCHANGED);
        }
        CloudEvent event = memory.event(
                client(arrival.userId(), null), Event.CONNECT, CloudEvent.JSON, EventBodies.of(arrival), Metadata.NONE);
        return commons.calls()
                .call(handler, event, memory.cookies())
                .thenApplyAsync(called -> decided(event, called), Thread::startVirtualThread);
    }

    private Admission decided(CloudEvent event, Called called) {
        Answered answered = called.success();
        if (answered == null) {
            int status = called.answer() == null ? NO_DECISION : called.answer().status();
            return refused(event, called, "", status >= 400 && status <= 599 ? status : NO_DECISION);
        }
        try {
            Admission.Accepted admission = ConnectReply.read(answered.body(), arrival.subprotocols());
            memory.answered(Event.CONNECT, called.host(), answered.headers());
            accepted = admission;
            commons.calls().explain(event, called, "", "that it may come in");
            return admission;
        } catch (ProtocolViolation | InvalidContent unusable) {
            return refused(event, called, "its answer cannot be used: " + unusable.getMessage(), NO_DECISION);
        }
    }

    private Admission refused(CloudEvent event, Called called, String problem, int status) {
        commons.calls().explain(event, called, problem, "that it is refused with " + status);
        return new Admission.Refused(
                status,
                called.answer() == null || !problem.isEmpty()
                        ? "the connect handler gave no answer that can be used"
                        : "the connect handler does not accept it");
    }

    @Override
    public Backend.Conversation begin(Caller caller) {
        commons.begun().run();
        var conversation = new EventConversation(caller, events, memory, commons);
        conversation.begin();
        return conversation;
    }

    /** Whoever accepted the client takes it for there until told otherwise. */
    @Override
    public void abandon(Disconnect why) {
        Admission.Accepted admission = accepted;
        if (admission == null) {
            return;
        }
        commons.begun().run();
        String userId = admission.userId() == null ? arrival.userId() : admission.userId();
        CloudEvent event = memory.event(
                client(userId, admission.subprotocol()),
                Event.DISCONNECTED,
                CloudEvent.JSON,
                EventBodies.of("reason", why.message()),
                Metadata.NONE);
        events.listeners(Event.DISCONNECTED).forEach(listener -> listener.accept(event));
        Handler handler = events.handler(Event.DISCONNECTED);
        if (handler == null) {
            commons.ended().run();
            return;
        }
        commons.calls().call(handler, event, memory.cookies()).thenAccept(called -> {
            commons.calls().explain(event, called, "", "nothing, it is gone");
            commons.ended().run();
        });
    }

    private CloudEvent.Client client(@Nullable String userId, @Nullable String subprotocol) {
        return new CloudEvent.Client(arrival.hub(), arrival.connectionId(), userId, subprotocol);
    }
}
