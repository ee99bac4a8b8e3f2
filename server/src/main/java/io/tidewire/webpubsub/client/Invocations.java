package io.tidewire.webpubsub.client;

import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import java.util.HashMap;
import java.util.Map;

/**
 * The invocations of one client that its event handler has not answered (reference D.6): each gets one response, unless the client
 * takes it back. Confined to the client's loop.
 */
final class Invocations {
    private final Speaker speaker;
    /** By their ids; what stands there is who may answer. */
    private final Map<String, Object> pending = new HashMap<>(4);

    Invocations(Speaker speaker) {
        this.speaker = speaker;
    }

    /** Hands an invocation on, in its place among the client's events. */
    void take(ClientMessage.Invoke invoke) {
        String id = invoke.invocationId();
        int limit = speaker.settings().maxPendingInvocations();
        if (pending.remove(id) != null) {
            // Two of one id cannot be told apart: this answer is for both.
            refuse(id, "The invocation '" + id + "' waits for its response already.");
        } else if (pending.size() >= limit) {
            refuse(
                    id,
                    limit
                            + " invocations wait for a response already, the limit (webpubsub.client.maxPendingInvocations).");
        } else {
            var ticket = new Object();
            pending.put(id, ticket);
            Payload data = invoke.data() == null ? Payload.EMPTY_TEXT : invoke.data();
            speaker.conversation()
                    .event(new ClientMessage.Event(invoke.event(), data, null, Metadata.NONE), outcome -> {
                        if (pending.remove(id, ticket)) {
                            answer(id, outcome);
                        }
                    });
        }
    }

    /** Two of one id cannot be told apart: where one waits already, this is the answer for both. */
    void take(ClientMessage.RefusedInvocation refused) {
        pending.remove(refused.invocationId());
        refuse(refused.invocationId(), refused.why());
    }

    private void answer(String id, EventOutcome outcome) {
        speaker.write(
                switch (outcome) {
                    case EventOutcome.Handled(var data, var _) ->
                        speaker.protocol().invokeResponse(id, data);
                    case EventOutcome.NoHandler _ ->
                        speaker.protocol()
                                .failedInvokeResponse(id, "NotFound", "There is no event handler for this event.");
                    case EventOutcome.Failed _ ->
                        speaker.protocol().failedInvokeResponse(id, "InternalServerError", "The event handler failed.");
                });
    }

    private void refuse(String id, String why) {
        speaker.hub().dropped("BadRequest");
        speaker.write(speaker.protocol().failedInvokeResponse(id, "BadRequest", why));
    }

    /** The client wants no response any more; the handler may have the event already. */
    void take(ClientMessage.CancelInvocation cancel) {
        pending.remove(cancel.invocationId());
    }

    /** The client is gone, for good. */
    void close() {
        pending.clear();
    }
}
