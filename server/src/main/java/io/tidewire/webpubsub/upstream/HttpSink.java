package io.tidewire.webpubsub.upstream;

import io.tidewire.auth.AccessKeys;
import io.tidewire.service.upstream.Journal;
import io.tidewire.service.upstream.UpstreamCall;
import io.tidewire.service.upstream.UrlTemplate;
import io.tidewire.upstream.WebhookOutcome;
import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.upstream.WebhookRequest;
import io.tidewire.upstream.WebhookRequest.Method;
import io.tidewire.upstream.Webhooks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** POSTs events in the binary mode of CloudEvents: of one connection one after the other, of several side by side. */
final class HttpSink extends QueuedSink {
    private final UrlTemplate url;
    private final Webhooks webhooks;
    private final AccessKeys keys;
    private final Origin origin;
    private final int retries;

    /** By connections that have an event under way: what waits for it. */
    private final Map<String, ArrayDeque<CloudEvent>> lines = new HashMap<>();

    HttpSink(
            UrlTemplate url,
            Webhooks webhooks,
            AccessKeys keys,
            Origin origin,
            Journal journal,
            EventCallSettings settings) {
        super(url.shown(), settings.maxListenerBytes(), journal);
        this.url = url;
        this.webhooks = webhooks;
        this.keys = keys;
        this.origin = origin;
        this.retries = settings.retries();
    }

    @Override
    void take(CloudEvent event) {
        ArrayDeque<CloudEvent> line = lines.get(event.who().connectionId());
        if (line != null) {
            line.add(event);
        } else {
            lines.put(event.who().connectionId(), new ArrayDeque<>(1));
            post(event);
        }
    }

    private void post(CloudEvent event) {
        URI target = url.expand(parameter ->
                parameter.equals("hub") ? event.who().hub() : event.event().name());
        if (target == null) {
            failed(event, "address_denied", "the names of the event and its hub make no URL", Duration.ZERO);
            inTurn(() -> next(event));
            return;
        }
        var request = new WebhookRequest(
                Method.POST,
                target,
                HandlerCalls.headers(event, origin, keys),
                event.contentType(),
                event.data(),
                true,
                retries,
                null);
        webhooks.send(request).thenAccept(outcome -> inTurn(() -> posted(event, outcome)));
    }

    private void posted(CloudEvent event, WebhookOutcome outcome) {
        String result = UpstreamCall.result(outcome);
        if (outcome instanceof Answered answered && answered.status() / 100 == 2) {
            delivered(event, result, outcome.took());
        } else {
            String detail = UpstreamCall.detail(outcome, url.shown());
            failed(event, result, detail.isEmpty() ? "not a success" : detail, outcome.took());
        }
        next(event);
    }

    private void next(CloudEvent last) {
        String connection = last.who().connectionId();
        ArrayDeque<CloudEvent> line = lines.get(connection);
        CloudEvent next = line == null ? null : line.poll();
        if (next == null) {
            lines.remove(connection);
        } else {
            post(next);
        }
    }

    @Override
    void shutDown() {}
}
