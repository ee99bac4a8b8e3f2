package io.tidewire.webpubsub.upstream;

import io.tidewire.hub.GroupPattern;
import io.tidewire.service.upstream.NamesSettings;
import io.tidewire.service.upstream.UrlTemplate;
import java.util.List;

/** An event handler, ready to be asked. Immutable. */
record Handler(
        UrlTemplate url,
        NamesSettings userEvents,
        List<String> systemEvents,
        List<String> groupEvents,
        List<GroupPattern> groups) {
    static Handler of(EventHandlerSettings settings) {
        return new Handler(
                UrlTemplate.parse(settings.url(), Event.PARAMETERS),
                NamesSettings.of(settings.userEvents()),
                settings.systemEvents(),
                settings.groupEvents(),
                settings.groups().stream().map(GroupPattern::of).toList());
    }

    /** Whether it wants to hear of such events, whichever group they are about. */
    boolean takes(Event event) {
        return switch (event.kind()) {
            case SYSTEM -> systemEvents.contains(event.name());
            case USER -> userEvents.matchIgnoringCase(event.name());
            case GROUP -> groupEvents.contains(event.name());
        };
    }

    boolean takesGroup(String group) {
        return groups.isEmpty() || groups.stream().anyMatch(pattern -> pattern.matches(group));
    }
}
