package io.tidewire.signalr.client;

import io.tidewire.signalr.protocol.StreamFrame;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams that one client has asked for and that REST callers fill (reference C.5). Confined to the client's loop. */
final class OpenStreams {
    private final int limit;
    private final Set<String> ids = new HashSet<>(4);

    /** @param limit how many may be open at one time */
    OpenStreams(int limit) {
        this.limit = limit;
    }

    /** Opens a stream. Returns null, or the error that it ends with at once. */
    @Nullable
    String open(String id) {
        if (ids.remove(id)) {
            // Two streams of one id could not be told apart, and what ends the second one ends the first.
            return "The stream '" + id + "' is open already.";
        }
        if (ids.size() >= limit) {
            return "More than " + limit + " streams are open (signalr.client.maxOpenStreams).";
        }
        ids.add(id);
        return null;
    }

    /** Whether the client takes this message of a stream; the last one closes it. */
    boolean takes(StreamFrame message) {
        return message.last() ? ids.remove(message.streamId()) : ids.contains(message.streamId());
    }

    /** The client wants no more of it. */
    void cancel(String id) {
        ids.remove(id);
    }
}
