package io.tidewire.webpubsub.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is told of the events of one hub: of the handlers the first that takes one, of the listeners each. Immutable. */
record HubEvents(List<Handler> handlers, List<Listener> listeners) {
    static final HubEvents NOBODY = new HubEvents(List.of(), List.of());

    /** Null where there is none. */
    @Nullable
    Handler handler(Event event) {
        for (Handler handler : handlers) {
            if (handler.takes(event)) {
                return handler;
            }
        }
        return null;
    }

    /** As {@link #handler}, for something that happened in a group. */
    @Nullable
    Handler handler(Event event, String group) {
        for (Handler handler : handlers) {
            if (handler.takes(event) && handler.takesGroup(group)) {
                return handler;
            }
        }
        return null;
    }

    List<EventSink> listeners(Event event) {
        return listeners.isEmpty()
                ? List.of()
                : listeners.stream()
                        .filter(listener -> listener.takes(event))
                        .map(Listener::sink)
                        .toList();
    }
}
