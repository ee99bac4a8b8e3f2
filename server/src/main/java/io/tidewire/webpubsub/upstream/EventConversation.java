package io.tidewire.webpubsub.upstream;

import io.tidewire.hub.Disconnect;
import io.tidewire.service.upstream.Turns;
import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.webpubsub.client.Backend;
import io.tidewire.webpubsub.client.Caller;
import io.tidewire.webpubsub.client.EventOutcome;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.InvalidContent;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.upstream.HandlerCalls.Called;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client and its handlers: {@code connected}, then its events in their order, then {@code disconnected}, and never two calls at
 * a time (reference F.5, F.6, L 15). Everything happens on the client's loop.
 */
final class EventConversation implements Backend.Conversation {
    /**
     * What is told when it is its turn.
     *
     * @param handler null where only listeners hear of it
     * @param then null for what nobody waits for
     */
    @SuppressWarnings("ArrayRecordComponent") // waits, and is never compared
    private record Telling(
            Event event,
            String contentType,
            byte[] data,
            Metadata metadata,
            @Nullable Handler handler,
            List<EventSink> listeners,
            @Nullable Consumer<EventOutcome> then) {}

    /** What a handler's answer comes to. */
    private record Result(EventOutcome outcome, String problem) {}

    private final Caller caller;
    private final HubEvents events;
    private final Memory memory;
    private final Commons commons;
    private final Turns<Telling> turns;
    private boolean gone;

    EventConversation(Caller caller, HubEvents events, Memory memory, Commons commons) {
        this.caller = caller;
        this.events = events;
        this.memory = memory;
        this.commons = commons;
        this.turns = new Turns<>(commons.bound(), caller, this::tell);
    }

    /** The client's events wait until the handler has heard that it is there. */
    void begin() {
        tellLife(Event.CONNECTED, EventBodies.EMPTY);
    }

    @Override
    public void event(ClientMessage.Event message, Consumer<EventOutcome> then) {
        Event event = Event.user(message.name());
        Handler handler = events.handler(event);
        List<EventSink> listeners = events.listeners(event);
        if (handler == null && listeners.isEmpty()) {
            then.accept(new EventOutcome.NoHandler());
            return;
        }
        Payload payload = message.data();
        var telling = new Telling(
                event, payload.type().mediaType(), payload.bytes(), message.metadata(), handler, listeners, then);
        if (handler == null && turns.idle()) {
            tellListeners(telling);
            then.accept(heard());
            return;
        }
        int weight = CloudEvent.weight(event, payload.bytes(), message.metadata());
        if (turns.hold(weight)) {
            turns.add(telling, weight);
        } else {
            commons.hubs().dropped(caller.hub(), "EventHandlerBusy");
            then.accept(new EventOutcome.Failed());
        }
    }

    @Override
    public void joined(String group) {
        tellGroup(Event.JOINED, group);
    }

    @Override
    public void left(String group) {
        tellGroup(Event.LEFT, group);
    }

    private void tellGroup(Event event, String group) {
        Handler handler = events.handler(event, group);
        if (handler == null) {
            return;
        }
        byte[] body = EventBodies.of("group", group);
        int weight = CloudEvent.weight(event, body, Metadata.NONE);
        if (turns.hold(weight)) {
            turns.add(new Telling(event, CloudEvent.JSON, body, Metadata.NONE, handler, List.of(), null), weight);
        } else {
            commons.hubs().dropped(caller.hub(), "EventHandlerBusy");
        }
    }

    @Override
    public void end(Disconnect why) {
        gone = true;
        tellLife(Event.DISCONNECTED, EventBodies.of("reason", why.message()));
        turns.end(commons.ended());
    }

    private void tellLife(Event event, byte[] body) {
        Handler handler = events.handler(event);
        List<EventSink> listeners = events.listeners(event);
        if (handler != null || !listeners.isEmpty()) {
            turns.add(new Telling(event, CloudEvent.JSON, body, Metadata.NONE, handler, listeners, null), 0);
        }
    }

    private static EventOutcome heard() {
        return new EventOutcome.Handled(null, Metadata.NONE);
    }

    private CloudEvent tellListeners(Telling telling) {
        var who = new CloudEvent.Client(caller.hub(), caller.connectionId(), caller.userId(), caller.subprotocol());
        CloudEvent event = memory.event(who, telling.event, telling.contentType, telling.data, telling.metadata);
        for (EventSink listener : telling.listeners) {
            listener.accept(event);
        }
        return event;
    }

    /** It has its turn, which ends in a task of its own: a long line of what ends at once is no deep recursion. */
    private void tell(Telling telling) {
        CloudEvent event = tellListeners(telling);
        if (telling.handler == null) {
            caller.loop().execute(() -> over(telling, heard()));
            return;
        }
        commons.calls()
                .call(telling.handler, event, memory.cookies())
                // A long answer takes a while to check, and others wait for the loop and for the threads of the HTTP
                // client.
                .thenAcceptAsync(
                        called -> {
                            Result result = read(telling.event, called);
                            caller.loop().execute(() -> answered(telling, event, called, result));
                        },
                        Thread::startVirtualThread);
    }

    private static Result read(Event event, Called called) {
        Answered answered = called.success();
        if (answered == null) {
            return new Result(new EventOutcome.Failed(), "");
        }
        if (!event.blocking()) {
            return new Result(heard(), "");
        }
        try {
            return new Result(EventReply.read(answered), "");
        } catch (InvalidContent unusable) {
            return new Result(new EventOutcome.Failed(), unusable.message());
        }
    }

    private void answered(Telling telling, CloudEvent event, Called called, Result result) {
        Answered answered = called.success();
        if (answered != null && result.problem.isEmpty()) {
            memory.answered(telling.event, called.host(), answered.headers());
        }
        commons.calls().explain(event, called, result.problem, clientSaw(telling, result.outcome));
        over(telling, result.outcome);
    }

    private String clientSaw(Telling telling, EventOutcome outcome) {
        if (gone) {
            return "nothing, it is gone";
        }
        if (!telling.event.blocking()) {
            return "nothing";
        }
        return switch (outcome) {
            case EventOutcome.Handled handled -> handled.data() == null ? "that it was handled" : "its answer";
            case EventOutcome.Failed _, EventOutcome.NoHandler _ -> "that its event failed";
        };
    }

    private void over(Telling telling, EventOutcome outcome) {
        try {
            if (telling.then != null) {
                telling.then.accept(outcome);
            }
        } finally {
            turns.done();
        }
    }
}
