package io.tidewire.webpubsub.upstream;

import io.tidewire.service.upstream.NamesSettings;
import java.util.List;

/** An event listener: what it hears of, and where that goes. Immutable. */
record Listener(EventSink sink, NamesSettings userEvents, List<String> systemEvents) {
    boolean takes(Event event) {
        return switch (event.kind()) {
            case SYSTEM -> systemEvents.contains(event.name());
            case USER -> userEvents.matchIgnoringCase(event.name());
            case GROUP -> false;
        };
    }
}
