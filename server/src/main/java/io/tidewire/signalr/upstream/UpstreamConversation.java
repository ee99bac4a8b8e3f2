package io.tidewire.signalr.upstream;

import io.netty.buffer.ByteBufUtil;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Disconnect.Category;
import io.tidewire.service.upstream.Turns;
import io.tidewire.service.upstream.UpstreamCall;
import io.tidewire.service.upstream.UrlTemplate;
import io.tidewire.signalr.client.Backend;
import io.tidewire.signalr.client.Caller;
import io.tidewire.signalr.protocol.ClientMessage;
import io.tidewire.signalr.protocol.ServerlessEvents;
import io.tidewire.upstream.WebhookOutcome;
import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.upstream.WebhookRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One client and its upstreams: {@code connected}, then its messages in their order, then {@code disconnected}, and never two
 * calls at a time (reference D.8, E.6). Everything happens on the client's loop.
 */
final class UpstreamConversation implements Backend.Conversation {
    /** Longer answers are checked elsewhere than on the loop, for which others wait. */
    private static final int LONG_ANSWER = 64 * 1024;

    private final Caller caller;
    private final Commons commons;
    private final Runnable whenOver;
    private final Turns<WaitingMessage> turns;

    private boolean gone;
    private boolean refused;

    /** @param whenOver called once, when there is nothing left to tell */
    UpstreamConversation(Caller caller, Commons commons, Runnable whenOver) {
        this.caller = caller;
        this.commons = commons;
        this.whenOver = whenOver;
        this.turns = new Turns<>(commons.bound(), caller, message -> make(message.call()));
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
        int weight = WaitingMessage.weight(invocation.raw().readableBytes(), event, invocation.invocationId());
        if (refused || !turns.hold(weight)) {
            commons.hubs().dropped(caller.hub(), refused ? Category.INVOKE_UPSTREAM_FAILED.label() : "UpstreamBusy");
            return true;
        }
        String contentType = caller.protocol().binary() ? Call.MESSAGE_PACK : Call.JSON;
        byte[] body = ByteBufUtil.getBytes(invocation.raw());
        turns.add(new WaitingMessage(url.get(), event, contentType, body, invocation.invocationId()), weight);
        return true;
    }

    @Override
    public void end(Disconnect why) {
        gone = true;
        tell(Event.disconnected(caller.hub()), ServerlessEvents.disconnected(why.message()));
        turns.end(whenOver);
    }

    private void tell(Event event, byte[] body) {
        commons.rules()
                .find(event)
                .ifPresent(url -> turns.add(new WaitingMessage(url, event, Call.JSON, body, null), 0));
    }

    /** The answer always comes in a task of its own, so a long queue of calls that fail at once is no deep recursion. */
    private void make(Call call) {
        CompletionStage<WebhookOutcome> outcome = call.url() == null
                ? CompletableFuture.completedStage(new WebhookOutcome.Failed(
                        WebhookOutcome.Reason.ADDRESS_DENIED,
                        "the names of the event and its hub make no URL of at most " + UrlTemplate.MAX_URL
                                + " bytes on the host and path of the rule",
                        Duration.ZERO))
                : commons.webhooks()
                        .send(WebhookRequest.post(
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
        try {
            if (call.event().category().equals(Event.MESSAGES)) {
                answerMessage(call, outcome, prepared);
            } else {
                answerConnection(call, outcome);
            }
        } finally {
            turns.done();
        }
    }

    private void answerMessage(Call call, WebhookOutcome outcome, @Nullable Reply prepared) {
        if (call.invocationId() == null || gone) {
            if (prepared != null) {
                prepared.frame().release();
            }
            write(call, outcome, false, gone ? "nothing, it is gone" : "nothing, it does not wait");
            return;
        }
        Reply reply = prepared == null ? Reply.to(caller, call.invocationId(), outcome) : prepared;
        caller.send(reply.frame());
        write(call, outcome, reply.broken(), reply.error().isEmpty() ? "its result" : reply.error());
    }

    private void answerConnection(Call call, WebhookOutcome outcome) {
        boolean refuse = !gone
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
        turns.drop(_ -> commons.hubs().dropped(caller.hub(), Category.INVOKE_UPSTREAM_FAILED.label()));
        caller.close(Disconnect.NOT_ACCEPTED);
    }

    private void write(Call call, WebhookOutcome outcome, boolean broken, String clientSaw) {
        boolean failed = broken || !call.wentWell(outcome);
        commons.journal()
                .write(
                        UpstreamCall.host(call.shownUrl()),
                        new UpstreamCall(
                                call.shownUrl(),
                                call.event().hub(),
                                call.event().category(),
                                call.event().name(),
                                caller.connectionId(),
                                broken ? "unusable" : UpstreamCall.result(outcome),
                                failed,
                                failed ? UpstreamCall.detail(outcome, call.shownUrl()) : "",
                                outcome.took(),
                                clientSaw));
    }
}
