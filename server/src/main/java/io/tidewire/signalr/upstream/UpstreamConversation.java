package io.tidewire.signalr.upstream;

import io.netty.buffer.ByteBufUtil;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Disconnect.Category;
import io.tidewire.signalr.client.Backend;
import io.tidewire.signalr.client.Caller;
import io.tidewire.signalr.protocol.ClientMessage;
import io.tidewire.signalr.protocol.ServerlessEvents;
import io.tidewire.upstream.WebhookOutcome;
import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.upstream.WebhookRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One client and its upstreams: {@code connected}, then its messages in their order, then {@code disconnected}, and never two
 * calls at a time (reference D.8, E.6). Everything happens on the client's loop.
 *
 * <p>What waits is bounded: the client is not read from while there is much, and closed when that was not enough. A client
 * that is gone is still heard out, so that what it said before it went is not lost.
 */
final class UpstreamConversation implements Backend.Conversation {
    /** Reading stops at this part of what may wait, and goes on at half of that. */
    private static final int PAUSE_AT = 16;

    /** Longer answers are checked elsewhere than on the loop, for which others wait. */
    private static final int LONG_ANSWER = 64 * 1024;

    private enum Stage {
        OPEN,
        /** The client is gone; what it said may still wait. */
        GONE,
        /** The last event is being told. */
        FAREWELL,
        OVER
    }

    private final Caller caller;
    private final Commons commons;
    private final Runnable whenOver;
    private final ArrayDeque<WaitingMessage> waiting = new ArrayDeque<>(1);

    private Stage stage = Stage.OPEN;
    private boolean busy;
    private boolean paused;
    private boolean refused;

    /** Weight of the messages that wait and of the one under way; taken from the node's budget. */
    private long held;

    /** The part of it that is under way. */
    private int underWay;

    private @Nullable String error;

    /** @param whenOver called once, when there is nothing left to tell */
    UpstreamConversation(Caller caller, Commons commons, Runnable whenOver) {
        this.caller = caller;
        this.commons = commons;
        this.whenOver = whenOver;
    }

    /** Tells who wants to know that the client is there; its messages wait for the answer. */
    void begin() {
        tell(Event.connected(caller.hub()), ServerlessEvents.connected());
    }

    @Override
    public boolean invoke(ClientMessage.Invocation invocation) {
        var event = Event.message(caller.hub(), invocation.target());
        Optional<UrlTemplate> url = commons.rules().find(event);
        if (url.isEmpty()) {
            return false;
        }
        if (refused
                || !hold(WaitingMessage.weight(invocation.raw().readableBytes(), event, invocation.invocationId()))) {
            commons.hubs().dropped(caller.hub(), refused ? Category.INVOKE_UPSTREAM_FAILED.label() : "UpstreamBusy");
            return true;
        }
        String contentType = caller.protocol().binary() ? Call.MESSAGE_PACK : Call.JSON;
        byte[] body = ByteBufUtil.getBytes(invocation.raw());
        waiting.add(new WaitingMessage(url.get(), event, contentType, body, invocation.invocationId()));
        next();
        return true;
    }

    /** Takes room for a message, or closes the client. */
    private boolean hold(int weight) {
        int limit = commons.settings().maxWaitingBytes();
        if (held > 0 && held + weight > limit) {
            throttle("Too many messages wait for the upstream: more than " + limit
                    + " bytes (setting signalr.upstreamCalls.maxWaitingBytes)");
            return false;
        }
        // A slow application leaves room for what is not for it, however long it takes.
        if (!commons.budget().takeSpare(weight)) {
            throttle("Too many messages of all clients wait (setting network.maxBufferedBytes)");
            return false;
        }
        held += weight;
        if (!paused && isOpen() && held > limit / PAUSE_AT) {
            paused = true;
            caller.pause();
        }
        return true;
    }

    private void throttle(String why) {
        caller.close(Disconnect.backlog(why));
    }

    private void free(int weight) {
        held -= weight;
        commons.budget().give(weight);
        if (paused && held <= commons.settings().maxWaitingBytes() / (2 * PAUSE_AT)) {
            paused = false;
            if (isOpen()) {
                caller.resume();
            }
        }
    }

    @Override
    public void end(Disconnect why) {
        stage = Stage.GONE;
        error = why.message();
        next();
    }

    private boolean isOpen() {
        return stage == Stage.OPEN;
    }

    private void next() {
        if (busy) {
            return;
        }
        WaitingMessage message = waiting.poll();
        if (message != null) {
            underWay = message.weight();
            make(message.call());
        } else if (stage == Stage.GONE) {
            stage = Stage.FAREWELL;
            tell(Event.disconnected(caller.hub()), ServerlessEvents.disconnected(error));
            next();
        } else if (stage == Stage.FAREWELL) {
            stage = Stage.OVER;
            whenOver.run();
        }
    }

    private void tell(Event event, byte[] body) {
        commons.rules().find(event).ifPresent(url -> make(Call.of(url, event, Call.JSON, body, null)));
    }

    /** The answer always comes in a task of its own, so a long queue of calls that fail at once is no deep recursion. */
    private void make(Call call) {
        busy = true;
        CompletionStage<WebhookOutcome> outcome = call.url() == null
                ? CompletableFuture.completedStage(new WebhookOutcome.Failed(
                        WebhookOutcome.Reason.ADDRESS_DENIED,
                        "the names of the event and its hub make no URL of at most " + UrlTemplate.MAX_URL
                                + " bytes on the host and path of the rule",
                        Duration.ZERO))
                : commons.webhooks()
                        .post(new WebhookRequest(
                                call.url(),
                                RequestHeaders.of(caller, call.event(), commons.keys()),
                                call.contentType(),
                                call.body(),
                                call.event().category().equals(Event.CONNECTIONS)));
        outcome.thenAccept(came -> returned(call, came));
    }

    /** On a thread of the HTTP client. */
    private void returned(Call call, WebhookOutcome outcome) {
        String id = call.invocationId();
        if (id != null && outcome instanceof Answered answered && answered.body().length > LONG_ANSWER) {
            var _ = CompletableFuture.supplyAsync(() -> Reply.to(caller, id, outcome), Thread::startVirtualThread)
                    .whenComplete((reply, failure) -> caller.loop().execute(() -> answered(call, outcome, reply)));
        } else {
            caller.loop().execute(() -> answered(call, outcome, null));
        }
    }

    /** @param prepared the reply, where it was made elsewhere */
    private void answered(Call call, WebhookOutcome outcome, @Nullable Reply prepared) {
        busy = false;
        try {
            if (call.event().category().equals(Event.MESSAGES)) {
                free(underWay);
                answerMessage(call, outcome, prepared);
            } else {
                answerConnection(call, outcome);
            }
        } finally {
            next();
        }
    }

    private void answerMessage(Call call, WebhookOutcome outcome, @Nullable Reply prepared) {
        if (call.invocationId() == null || !isOpen()) {
            if (prepared != null) {
                prepared.frame().release();
            }
            write(call, outcome, false, isOpen() ? "nothing, it does not wait" : "nothing, it is gone");
            return;
        }
        Reply reply = prepared == null ? Reply.to(caller, call.invocationId(), outcome) : prepared;
        caller.send(reply.frame());
        write(call, outcome, reply.broken(), reply.error().isEmpty() ? "its result" : reply.error());
    }

    private void answerConnection(Call call, WebhookOutcome outcome) {
        boolean refuse = isOpen()
                && commons.settings().closeOnConnectedFailure()
                && outcome instanceof Answered answered
                && (answered.status() == 401 || answered.status() == 403);
        if (refuse) {
            write(call, outcome, false, "that it is refused");
            refuse();
        } else {
            write(call, outcome, false, "nothing");
        }
    }

    /** The upstream does not want this client (reference J 10): what it said is for nobody. */
    private void refuse() {
        refused = true;
        for (WaitingMessage message = waiting.poll(); message != null; message = waiting.poll()) {
            free(message.weight());
            commons.hubs().dropped(caller.hub(), Category.INVOKE_UPSTREAM_FAILED.label());
        }
        caller.close(Disconnect.NOT_ACCEPTED);
    }

    private void write(Call call, WebhookOutcome outcome, boolean broken, String clientSaw) {
        commons.journal().write(call, caller.connectionId(), outcome, broken, clientSaw);
    }
}
