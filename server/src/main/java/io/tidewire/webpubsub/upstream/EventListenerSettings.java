package io.tidewire.webpubsub.upstream;

import java.util.List;

/**
 * An event listener of a hub (reference A.3, F.9): told of events, asked for nothing.
 *
 * @param endpoint {@code http(s)://...} for POSTs in CloudEvents form, {@code redis(s)://host[:port]/[db]?stream=name} for a Redis stream
 * @param userEvents names of user events in any letter case, or {@code *}
 * @param systemEvents of {@code connected}, {@code disconnected}
 */
public record EventListenerSettings(String endpoint, List<String> userEvents, List<String> systemEvents) {
    public EventListenerSettings {
        userEvents = List.copyOf(userEvents);
        systemEvents = List.copyOf(systemEvents);
    }
}
