package io.tidewire.signalr.upstream;

import io.tidewire.service.upstream.UrlTemplate;
import org.jspecify.annotations.Nullable;

/**
 * What a client said, until it is its turn. Not yet a {@link Call}: the URL of one holds the name of the event several times, up to twelve
 * times as long as it was sent, and clients choose how many wait.
 *
 * @param body as the client sent it, a copy
 * @param invocationId of a client that waits for the answer; null where nobody does
 */
@SuppressWarnings("ArrayRecordComponent") // messages wait, and are never compared
record WaitingMessage(
        UrlTemplate template,
        Event event,
        String contentType,
        byte[] body,
        @Nullable String invocationId) {
    /** What it costs beside its bytes and texts, about. */
    private static final int OVERHEAD = 256;

    Call call() {
        return Call.of(template, event, contentType, body, invocationId);
    }

    /** The memory that one takes, about. */
    static int weight(int bytes, Event event, @Nullable String invocationId) {
        int id = invocationId == null ? 0 : invocationId.length();
        return bytes + Character.BYTES * (event.name().length() + id) + OVERHEAD;
    }
}
