package io.tidewire.signalr.upstream;

import io.tidewire.http.Redaction;
import io.tidewire.upstream.WebhookOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Explains each call: to the observer, and in the log, failures loud and the others for who wants to see them. */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int MAX_SHOWN = 200;

    private final FailureLog failures;
    private final UpstreamObserver observer;

    Journal(FailureLog failures, UpstreamObserver observer) {
        this.failures = failures;
        this.observer = observer;
    }

    /**
     * A call is over.
     *
     * @param broken whether an answer that looked good could not be used
     * @param clientSaw what the client was told
     */
    void write(Call call, String connectionId, WebhookOutcome outcome, boolean broken, String clientSaw) {
        boolean failed = broken || !wentWell(call, outcome);
        var told = new UpstreamCall(
                oneLine(call.shownUrl()),
                call.event().hub(),
                call.event().category(),
                call.event().name(),
                connectionId,
                broken ? "unusable" : result(outcome),
                failed,
                failed ? detail(call, outcome) : "",
                outcome.took(),
                clientSaw);
        observer.called(told);
        if (failed) {
            failures.failed(call.host(), line(told));
        } else {
            failures.succeeded(call.host());
            LOG.debug("{}", line(told));
        }
    }

    void close() {
        failures.close();
    }

    /** Whoever waits needs one of two statuses (reference E.5); where nobody does, any success is fine. */
    private static boolean wentWell(Call call, WebhookOutcome outcome) {
        return outcome instanceof WebhookOutcome.Answered answered
                && (call.invocationId() == null
                        ? answered.status() / 100 == 2
                        : answered.status() == 200 || answered.status() == 204);
    }

    private static String result(WebhookOutcome outcome) {
        return switch (outcome) {
            case WebhookOutcome.Answered answered -> Integer.toString(answered.status());
            case WebhookOutcome.Failed failed -> failed.reason().name().toLowerCase(Locale.ROOT);
        };
    }

    /** What the application says about its refusal helps most; it may be anything, so it is cut and cleaned. */
    private static String detail(Call call, WebhookOutcome outcome) {
        return switch (outcome) {
            case WebhookOutcome.Answered answered ->
                oneLine(Redaction.text(new String(
                        answered.body(), 0, Math.min(answered.body().length, MAX_SHOWN), StandardCharsets.UTF_8)));
            case WebhookOutcome.Failed failed -> {
                // The HTTP client's words start with the URL, which is said already.
                String url = call.shownUrl().split("\\?", 2)[0] + ": ";
                yield failed.detail().startsWith(url) ? failed.detail().substring(url.length()) : failed.detail();
            }
        };
    }

    private static String line(UpstreamCall call) {
        return "%s '%s' for 'hub:%s,category:%s,event:%s' of connection %s: %s%s in %d ms; the client saw: %s"
                .formatted(
                        call.failed() ? "Failed invoking" : "Invoked",
                        call.url(),
                        call.hub(),
                        call.category(),
                        oneLine(call.event()),
                        call.connectionId(),
                        call.result(),
                        call.detail().isEmpty() ? "" : " (" + call.detail() + ")",
                        call.took().toMillis(),
                        call.clientSaw());
    }

    /** Cut, and without characters that end a line or steer a terminal. */
    private static String oneLine(String text) {
        var line = new StringBuilder();
        text.codePoints().limit(MAX_SHOWN).forEach(c -> line.appendCodePoint(isShown(c) ? c : '?'));
        return line.toString();
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
