package io.tidewire.webpubsub.upstream;

import java.util.List;

/**
 * An event handler of a hub (reference A.3); of several the first one that takes an event gets it.
 *
 * @param url may hold {@code {hub}} and {@code {event}}, not in the host; its query may hold secrets
 * @param userEvents names of user events in any letter case, or {@code *}
 * @param systemEvents of {@code connect}, {@code connected}, {@code disconnected}
 * @param groupEvents of {@code joined}, {@code left}
 * @param groups exact names and patterns (reference E) of the groups whose events are told
 */
public record EventHandlerSettings(
        String url, List<String> userEvents, List<String> systemEvents, List<String> groupEvents, List<String> groups) {
    public EventHandlerSettings {
        userEvents = List.copyOf(userEvents);
        systemEvents = List.copyOf(systemEvents);
        groupEvents = List.copyOf(groupEvents);
        groups = List.copyOf(groups);
    }
}
