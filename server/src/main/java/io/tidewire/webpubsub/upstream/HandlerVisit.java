package io.tidewire.webpubsub.upstream;

import io.tidewire.http.Budget;
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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client that wants to come in, and the {@code connect} handler that decides (reference F.3, F.4). */
final class HandlerVisit implements Backend.Visit {
    private static final int NO_DECISION = 500;
    private static final int BUSY = 503;

    /** What a client brought along is held as often while a handler is asked: as its request, as its arrival, and as what is sent. */
    private static final int CALLER_COPIES = 3;

    /** Besides that. */
    private static final int WAITING_BYTES = 1024;

    private final CloudEvent.Client who;
    private final HubEvents events;
    private final Commons commons;
    private final Memory memory;

    /** Until it is told: a client may stay for long, and brings more with it than all else that is kept of it. */
    private @Nullable Arrival arrival;

    /** As a handler let it in; null where none was asked. */
    private volatile CloudEvent.@Nullable Client accepted;

    HandlerVisit(Arrival arrival, HubEvents events, Commons commons) {
        this.who = new CloudEvent.Client(arrival.hub(), arrival.connectionId(), arrival.userId(), null);
        this.arrival = arrival;
        this.events = events;
        this.commons = commons;
        this.memory = new Memory(commons.clock());
    }

    @Override
    public CompletionStage<Admission> connect() {
        Arrival asking = Objects.requireNonNull(arrival);
        arrival = null;
        Handler handler = events.handler(Event.CONNECT);
        if (handler == null) {
            return CompletableFuture.completedStage(Admission.Accepted.UNCHANGED);
        }
        byte[] body = EventBodies.of(asking);
        // Clients may leave without an answer and come again, so that their sockets bound nothing.
        long held = CALLER_COPIES * (long) body.length + WAITING_BYTES;
        Budget budget = commons.bound().budget();
        if (!budget.takeSpare(held)) {
            commons.hubs().dropped(who.hub(), "EventHandlerBusy");
            return CompletableFuture.completedStage(new Admission.Refused(
                    BUSY, "too many clients wait for connect handlers (setting network.maxBufferedBytes)"));
        }
        CloudEvent event = memory.event(who, Event.CONNECT, CloudEvent.JSON, body, Metadata.NONE);
        List<String> subprotocols = asking.subprotocols();
        return commons.calls()
                .call(handler, event, memory.cookies())
                .thenApplyAsync(
                        called -> {
                            budget.give(held);
                            return decided(event, called, subprotocols);
                        },
                        Thread::startVirtualThread);
    }

    private Admission decided(CloudEvent event, Called called, List<String> subprotocols) {
        Answered answered = called.success();
        if (answered == null) {
            int status = called.answer() == null ? NO_DECISION : called.answer().status();
            return refused(event, called, "", status >= 400 && status <= 599 ? status : NO_DECISION);
        }
        try {
            Admission.Accepted admission = ConnectReply.read(answered.body(), subprotocols);
            memory.answered(Event.CONNECT, called.host(), answered.headers());
            String userId = admission.userId() == null ? who.userId() : admission.userId();
            accepted = new CloudEvent.Client(who.hub(), who.connectionId(), userId, admission.subprotocol());
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
        CloudEvent.Client known = accepted;
        if (known == null) {
            return;
        }
        commons.begun().run();
        CloudEvent event = memory.event(
                known, Event.DISCONNECTED, CloudEvent.JSON, EventBodies.of("reason", why.message()), Metadata.NONE);
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
}
