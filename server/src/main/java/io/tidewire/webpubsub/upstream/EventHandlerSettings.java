package io.tidewire.webpubsub.upstream;

import io.tidewire.hub.GroupPattern;
import io.tidewire.service.upstream.UrlTemplate;
import java.net.URI;
import java.util.List;

/**
 * An event handler of a hub (reference A.3); of several the first one that takes an event gets it.
 *
 * @param url may hold {@code {hub}} and {@code {event}}, not in the host; its query may hold secrets
 * @param userEvents names of user events in any letter case, or {@code *}
 * @param systemEvents of {@code connect}, {@code connected}, {@code disconnected}
 * @param groupEvents of {@code joined}, {@code left}
 * @param groups exact names and patterns (reference E) of the groups whose events are told; none for all groups
 */
public record EventHandlerSettings(
        String url, List<String> userEvents, List<String> systemEvents, List<String> groupEvents, List<String> groups) {
    private static final List<String> SYSTEM_EVENTS = List.of("connect", "connected", "disconnected");
    private static final List<String> GROUP_EVENTS = List.of("joined", "left");

    /**
     * Checks what is written.
     *
     * @throws IllegalArgumentException when it cannot be used; the message starts with the member's name
     */
    public EventHandlerSettings {
        userEvents = List.copyOf(userEvents);
        systemEvents = List.copyOf(systemEvents);
        groupEvents = List.copyOf(groupEvents);
        groups = List.copyOf(groups);
        UrlTemplate.parse(url, Event.PARAMETERS);
        check("systemEvents", systemEvents, SYSTEM_EVENTS);
        check("groupEvents", groupEvents, GROUP_EVENTS);
        for (String group : groups) {
            try {
                GroupPattern.of(group);
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException("'groups' holds '" + group + "': " + bad.getMessage());
            }
        }
    }

    static void check(String member, List<String> events, List<String> known) {
        for (String event : events) {
            if (!known.contains(event)) {
                throw new IllegalArgumentException("'" + member + "' must hold some of " + String.join(", ", known)
                        + ", but holds '" + event + "'");
            }
        }
    }

    /** The URL as it may be shown: without its query. */
    public String shownUrl() {
        return UrlTemplate.parse(url, Event.PARAMETERS).shown();
    }

    /** As written, with an IPv6 address without its brackets. */
    public String host() {
        String host = URI.create(url.replace("{", "").replace("}", "")).getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return "EventHandlerSettings[" + shownUrl() + ", userEvents=" + userEvents + ", systemEvents=" + systemEvents
                + ", groupEvents=" + groupEvents + ", groups=" + groups + "]";
    }
}
