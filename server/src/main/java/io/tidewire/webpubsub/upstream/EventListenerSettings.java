package io.tidewire.webpubsub.upstream;

import java.util.List;

/**
 * An event listener of a hub (reference A.3, F.9): told of events, asked for nothing.
 *
 * @param endpoint {@code http(s)://...} for POSTs in CloudEvents form, {@code redis(s)://host[:port]/[db]?stream=name&maxlen=number}
 *     for a Redis stream
 * @param userEvents names of user events in any letter case, or {@code *}
 * @param systemEvents of {@code connected}, {@code disconnected}
 */
public record EventListenerSettings(String endpoint, List<String> userEvents, List<String> systemEvents) {
    /** Nobody can listen to {@code connect}, which wants an answer. */
    private static final List<String> SYSTEM_EVENTS = List.of("connected", "disconnected");

    /**
     * Checks what is written.
     *
     * @throws IllegalArgumentException when it cannot be used; the message starts with the member's name and shows no secret
     */
    public EventListenerSettings {
        userEvents = List.copyOf(userEvents);
        systemEvents = List.copyOf(systemEvents);
        ListenerEndpoint.parse(endpoint);
        EventHandlerSettings.check("systemEvents", systemEvents, SYSTEM_EVENTS);
    }

    /** The endpoint as it may be shown: without password and query. */
    public String shownEndpoint() {
        return ListenerEndpoint.parse(endpoint).shown();
    }

    @Override
    public String toString() {
        return "EventListenerSettings[" + shownEndpoint() + ", userEvents=" + userEvents + ", systemEvents="
                + systemEvents + "]";
    }
}
