package io.tidewire.webpubsub.upstream;

import io.tidewire.auth.AccessKeys;
import io.tidewire.service.upstream.HeaderText;
import io.tidewire.service.upstream.Journal;
import io.tidewire.service.upstream.Signature;
import io.tidewire.service.upstream.UpstreamCall;
import io.tidewire.service.upstream.UrlTemplate;
import io.tidewire.upstream.WebhookOutcome;
import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.upstream.WebhookRequest;
import io.tidewire.upstream.WebhookRequest.Method;
import io.tidewire.upstream.Webhooks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells handlers of events: once they have agreed to that, with all headers, and never without an account of it. Any thread. */
final class HandlerCalls {
    private static final HexFormat HEX = HexFormat.of();

    /**
     * What came of it.
     *
     * @param host of the handler, with scheme and port
     * @param url without query
     * @param answer null where there is none
     * @param result in one word
     * @param detail why there is no answer that can be used
     */
    record Called(String host, String url, @Nullable Answered answer, String result, String detail, Duration took) {
        /** The answer, where it says that all is well. */
        @Nullable
        Answered success() {
            return answer != null && answer.status() / 100 == 2 ? answer : null;
        }
    }

    private final Webhooks webhooks;
    private final AbuseProtection protection;
    private final AccessKeys keys;
    private final Origin origin;
    private final Journal journal;
    private final int retries;

    HandlerCalls(
            Webhooks webhooks,
            AbuseProtection protection,
            AccessKeys keys,
            Origin origin,
            Journal journal,
            int retries) {
        this.webhooks = webhooks;
        this.protection = protection;
        this.keys = keys;
        this.origin = origin;
        this.journal = journal;
        this.retries = retries;
    }

    /** Completes on a thread that must not be held up, never exceptionally. */
    CompletionStage<Called> call(Handler handler, CloudEvent event, Cookies cookies) {
        URI url = url(handler, event, event.event().name());
        URI validated = url(handler, event, "validate");
        if (url == null || validated == null) {
            return CompletableFuture.completedStage(new Called(
                    UpstreamCall.host(handler.url().shown()),
                    handler.url().shown(),
                    null,
                    "address_denied",
                    "the names of the event and its hub make no URL of at most " + UrlTemplate.MAX_URL
                            + " bytes on the path of the handler",
                    Duration.ZERO));
        }
        String shown = UrlTemplate.shown(url.toString());
        String host = UpstreamCall.host(shown);
        // Read now: what comes back for another call may change it meanwhile.
        String cookie = cookies.header(host);
        return protection.verdict(event.who().hub(), validated).thenCompose(verdict -> {
            if (!verdict.good()) {
                return CompletableFuture.completedStage(new Called(
                        host,
                        shown,
                        null,
                        "not_validated",
                        "it is not called, because it could not be validated: " + verdict.why(),
                        Duration.ZERO));
            }
            return webhooks.send(new WebhookRequest(
                            Method.POST,
                            url,
                            headers(event, cookie),
                            event.contentType(),
                            event.data(),
                            event.event().kind() != Event.Kind.USER,
                            retries,
                            null))
                    .thenApply(outcome -> called(host, shown, outcome));
        });
    }

    private static @Nullable URI url(Handler handler, CloudEvent event, String name) {
        return handler.url()
                .expand(parameter -> parameter.equals("hub") ? event.who().hub() : name);
    }

    private static Called called(String host, String url, WebhookOutcome outcome) {
        return new Called(
                host,
                url,
                outcome instanceof Answered answered ? answered : null,
                UpstreamCall.result(outcome),
                UpstreamCall.detail(outcome, url),
                outcome.took());
    }

    private List<Map.Entry<String, String>> headers(CloudEvent event, String cookie) {
        List<Map.Entry<String, String>> headers = headers(event, origin, keys);
        if (!cookie.isEmpty()) {
            headers.add(Map.entry("Cookie", cookie));
        }
        return headers;
    }

    /** Of an event in binary mode; values that clients choose cannot end a header. */
    static List<Map.Entry<String, String>> headers(CloudEvent event, Origin origin, AccessKeys keys) {
        var headers = new ArrayList<Map.Entry<String, String>>(20);
        headers.add(Map.entry("WebHook-Request-Origin", origin.host()));
        for (Map.Entry<String, String> attribute : event.attributes()) {
            headers.add(Map.entry("ce-" + attribute.getKey(), HeaderText.of(attribute.getValue())));
        }
        headers.add(Map.entry("ce-signature", Signature.of(keys, event.who().connectionId(), HEX)));
        event.metadata()
                .entries()
                .forEach((key, value) -> headers.add(Map.entry("x-webpubsub-metadata-" + key, HeaderText.of(value))));
        return headers;
    }

    /**
     * Explains a call that is over.
     *
     * @param problem why an answer that looked good could not be used; empty where it could
     * @param clientSaw what the client was told
     */
    void explain(CloudEvent event, Called called, String problem, String clientSaw) {
        boolean failed = called.success() == null || !problem.isEmpty();
        journal.write(
                called.host,
                new UpstreamCall(
                        called.url,
                        event.who().hub(),
                        event.event().kind().label(),
                        event.event().name(),
                        event.who().connectionId(),
                        problem.isEmpty() ? called.result : "unusable",
                        failed,
                        problem.isEmpty() ? called.detail : problem,
                        called.took,
                        clientSaw));
    }
}
