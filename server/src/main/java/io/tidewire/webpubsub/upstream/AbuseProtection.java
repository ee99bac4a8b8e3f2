package io.tidewire.webpubsub.upstream;

import io.tidewire.http.Redaction;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a handler whether it wants to be called by this service, before it is (reference F.1). Verdicts are kept for each hub and
 * URL: a good one is looked at again while calls go on, a bad one is waited out. Any thread.
 */
final class AbuseProtection {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final Duration GOOD_FOR = Duration.ofMinutes(1);
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** Clients name hubs, and hubs may be in URLs: those asked for longest ago are forgotten. */
    static final int MAX_URLS = 1000;

    private static final String ALLOWED = "WebHook-Allowed-Origin";

    /**
     * What is known of a handler.
     *
     * @param why it must not be called; empty when it may
     */
    record Verdict(String why) {
        static final Verdict GOOD = new Verdict("");

        boolean good() {
            return why.isEmpty();
        }
    }

    private record Place(String hub, URI url) {}

    private final Webhooks webhooks;
    private final Origin origin;
    private final Journal journal;
    private final LongSupplier nanoTime;

    // Guarded by itself.
    private final LinkedHashMap<Place, Validation> validations = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Validation> eldest) {
            return size() > MAX_URLS;
        }
    };

    AbuseProtection(Webhooks webhooks, Origin origin, Journal journal, LongSupplier nanoTime) {
        this.webhooks = webhooks;
        this.origin = origin;
        this.journal = journal;
        this.nanoTime = nanoTime;
    }

    /**
     * Whether the handler may be called.
     *
     * @param url its own, with {@code validate} as the event
     */
    CompletionStage<Verdict> verdict(String hub, URI url) {
        Validation validation;
        synchronized (validations) {
            validation = validations.computeIfAbsent(new Place(hub, url), Validation::new);
        }
        return validation.verdict();
    }

    int remembered() {
        synchronized (validations) {
            return validations.size();
        }
    }

    /** One handler of one hub. */
    private final class Validation {
        private final Place place;

        // Guarded by this.
        private @Nullable CompletableFuture<Verdict> running;
        private @Nullable Verdict last;
        private long until;
        private int failures;

        Validation(Place place) {
            this.place = place;
        }

        CompletionStage<Verdict> verdict() {
            CompletableFuture<Verdict> begun = null;
            CompletionStage<Verdict> answer;
            synchronized (this) {
                if (running == null && (last == null || nanoTime.getAsLong() - until >= 0)) {
                    begun = new CompletableFuture<>();
                    running = begun;
                }
                Verdict known = last;
                answer = known != null && (known.good() || running == null)
                        ? CompletableFuture.completedStage(known)
                        : Objects.requireNonNull(running);
            }
            if (begun != null) {
                CompletableFuture<Verdict> asked = begun;
                ask(place, Method.OPTIONS).thenAccept(verdict -> {
                    ended(verdict);
                    asked.complete(verdict);
                });
            }
            return answer;
        }

        private synchronized void ended(Verdict verdict) {
            running = null;
            last = verdict;
            failures = verdict.good() ? 0 : failures + 1;
            until = nanoTime.getAsLong() + (verdict.good() ? GOOD_FOR : waitAfter(failures)).toNanos();
        }
    }

    private static Duration waitAfter(int failures) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 10));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private CompletionStage<Verdict> ask(Place place, Method method) {
        var headers = List.of(Map.entry("WebHook-Request-Origin", origin.host()), Map.entry("ce-awpsversion", "1.0"));
        return webhooks.send(new WebhookRequest(method, place.url, headers, null, new byte[0], true, 0, TIMEOUT))
                .thenCompose(outcome -> {
                    // Some servers leave OPTIONS to nobody; the vendor asks those with GET.
                    boolean again = method == Method.OPTIONS
                            && outcome instanceof Answered answered
                            && (answered.status() == 404 || answered.status() == 405);
                    return again
                            ? ask(place, Method.GET)
                            : CompletableFuture.completedStage(judge(place, method, outcome));
                });
    }

    private Verdict judge(Place place, Method method, WebhookOutcome outcome) {
        String shown = UrlTemplate.shown(place.url.toString());
        Verdict verdict = switch (outcome) {
            case Answered answered when answered.status() / 100 == 2 -> judge(answered);
            case Answered answered ->
                new Verdict("it answers " + method + " with " + answered.status() + " instead of 2xx with " + ALLOWED
                        + ": " + origin.host());
            case WebhookOutcome.Failed _ -> new Verdict(UpstreamCall.detail(outcome, shown));
        };
        journal.write(
                UpstreamCall.host(shown),
                new UpstreamCall(
                        shown,
                        place.hub,
                        "validation",
                        "validate",
                        "-",
                        verdict.good() || !(outcome instanceof Answered) ? UpstreamCall.result(outcome) : "not_allowed",
                        !verdict.good(),
                        verdict.why(),
                        outcome.took(),
                        "nothing"));
        return verdict;
    }

    private Verdict judge(Answered answered) {
        var allowed = new ArrayList<String>();
        for (Map.Entry<String, String> header : answered.headers()) {
            if (header.getKey().equalsIgnoreCase(ALLOWED)) {
                for (String item : header.getValue().split(",", -1)) {
                    if (!item.isBlank()) {
                        allowed.add(item.strip());
                    }
                }
            }
        }
        if (allowed.isEmpty()) {
            return new Verdict("its answer has no " + ALLOWED + ", which must be * or " + origin.host()
                    + "; is the URL that of the event handler?");
        }
        return allowed.stream().anyMatch(origin::isAllowedBy)
                ? Verdict.GOOD
                : new Verdict("its " + ALLOWED + " is for " + Redaction.text(String.join(", ", allowed)) + ", not for "
                        + origin.host() + ", which is this service by its setting webpubsub.publicEndpoint");
    }
}
