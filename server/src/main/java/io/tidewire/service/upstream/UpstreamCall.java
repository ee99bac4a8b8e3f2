package io.tidewire.service.upstream;

import io.tidewire.http.Redaction;
import io.tidewire.upstream.WebhookOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * One call of an upstream that is over, for people who want to know why.
 *
 * @param url that was called, without its query, which may hold secrets
 * @param hub as named internally
 * @param category of the event, one of a few names
 * @param event its name, which a client may have chosen
 * @param connectionId of the client
 * @param result the status of the answer; where there was none or it could not be used, the reason in one word
 * @param failed whether it went wrong
 * @param detail why it went wrong; empty where there is no more to say
 * @param took from the call to its end
 * @param clientSaw what the client was told
 */
public record UpstreamCall(
        String url,
        String hub,
        String category,
        String event,
        String connectionId,
        String result,
        boolean failed,
        String detail,
        Duration took,
        String clientSaw) {
    private static final int MAX_SHOWN = 200;

    /** The status of an answer, or why there is none, in one word. */
    public static String result(WebhookOutcome outcome) {
        return switch (outcome) {
            case WebhookOutcome.Answered answered -> Integer.toString(answered.status());
            case WebhookOutcome.Failed failed -> failed.reason().name().toLowerCase(Locale.ROOT);
        };
    }

    /** What the application says about its refusal helps most; it may be anything, so it is cut and cleaned. */
    public static String detail(WebhookOutcome outcome, String shownUrl) {
        return switch (outcome) {
            case WebhookOutcome.Answered answered ->
                oneLine(Redaction.text(new String(
                        answered.body(), 0, Math.min(answered.body().length, MAX_SHOWN), StandardCharsets.UTF_8)));
            case WebhookOutcome.Failed failed -> {
                // The HTTP client's words start with the URL, which is said already.
                String url = shownUrl.split("\\?", 2)[0] + ": ";
                yield failed.detail().startsWith(url) ? failed.detail().substring(url.length()) : failed.detail();
            }
        };
    }

    /** Scheme, name and port of a URL that may be shown. */
    public static String host(String shownUrl) {
        int path = shownUrl.indexOf('/', shownUrl.indexOf("://") + 3);
        return path < 0 ? shownUrl : shownUrl.substring(0, path);
    }

    /** The same, fit for one line of a log. */
    UpstreamCall forPeople() {
        return new UpstreamCall(
                oneLine(url),
                hub,
                category,
                oneLine(event),
                connectionId,
                result,
                failed,
                failed ? detail : "",
                took,
                clientSaw);
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
