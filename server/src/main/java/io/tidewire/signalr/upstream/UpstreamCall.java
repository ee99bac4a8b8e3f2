package io.tidewire.signalr.upstream;

import java.time.Duration;

/**
 * One call of an upstream that is over, for people who want to know why.
 *
 * @param url that was called, without its query, which may hold secrets
 * @param hub as named internally
 * @param category of the event: connections or messages
 * @param event {@code connected}, {@code disconnected}, or the target that the client chose, with whatever is in it
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
        String clientSaw) {}
