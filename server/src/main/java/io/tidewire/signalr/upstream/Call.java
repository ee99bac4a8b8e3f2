package io.tidewire.signalr.upstream;

import io.tidewire.service.upstream.UrlTemplate;
import io.tidewire.upstream.WebhookOutcome;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One thing to tell an upstream.
 *
 * @param url null when the event has none
 * @param shownUrl the same for people, without query; the rule's template where there is none
 * @param body as the client sent it, a copy
 * @param invocationId of a client that waits for the answer; null where nobody does
 */
@SuppressWarnings("ArrayRecordComponent") // calls are made, never compared
record Call(
        Event event,
        @Nullable URI url,
        String shownUrl,
        String contentType,
        byte[] body,
        @Nullable String invocationId) {
    static final String JSON = "application/json";
    static final String MESSAGE_PACK = "application/x-msgpack";

    static Call of(UrlTemplate template, Event event, String contentType, byte[] body, @Nullable String invocationId) {
        URI url = event.url(template);
        String shown = url == null ? template.shown() : UrlTemplate.shown(url.toString());
        return new Call(event, url, shown, contentType, body, invocationId);
    }

    /** Whoever waits needs one of two statuses (reference E.5); where nobody does, any success is fine. */
    boolean wentWell(WebhookOutcome outcome) {
        return outcome instanceof WebhookOutcome.Answered answered
                && (invocationId == null
                        ? answered.status() / 100 == 2
                        : answered.status() == 200 || answered.status() == 204);
    }
}
