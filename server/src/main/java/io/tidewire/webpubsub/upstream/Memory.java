package io.tidewire.webpubsub.upstream;

import io.tidewire.webpubsub.protocol.Metadata;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * What is kept of one client between its calls: how many events there were, the state that handlers store with it, their
 * cookies. Before the client is in, its visit has it; after that it belongs to the client's loop.
 */
final class Memory {
    private final InstantSource clock;
    private final Cookies cookies = new Cookies();
    private long events;
    private String state = "";

    Memory(InstantSource clock) {
        this.clock = clock;
    }

    /** The next event of this client. */
    CloudEvent event(CloudEvent.Client who, Event event, String contentType, byte[] data, Metadata metadata) {
        return new CloudEvent(event, who, events++, clock.instant(), state, contentType, data, metadata);
    }

    Cookies cookies() {
        return cookies;
    }

    /** An answer with a success status came; what the event is decides what it may change (reference F.6). */
    void answered(Event event, String host, List<Map.Entry<String, String>> headers) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase("set-cookie")) {
                cookies.set(host, header.getValue());
            } else if (header.getKey().equalsIgnoreCase("ce-connectionstate") && event.blocking()) {
                state = header.getValue().strip();
            }
        }
    }
}
