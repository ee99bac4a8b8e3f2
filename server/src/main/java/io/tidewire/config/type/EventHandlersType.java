package io.tidewire.config.type;

import io.tidewire.webpubsub.upstream.EventHandlerSettings;
import java.util.List;
import java.util.regex.Pattern;

/** The event handlers of a hub of Web PubSub. URLs may hold secrets in their query, which is never shown. */
final class EventHandlersType extends ObjectListType<EventHandlerSettings> {
    private static final Pattern URL = Pattern.compile("(?i)https?://[^/?#{}\\s@]+([/?][^\\s#]*)?");
    private static final List<String> SYSTEM = List.of("connect", "connected", "disconnected");
    private static final List<String> GROUP = List.of("joined", "left");

    EventHandlersType() {
        super(List.of("url", "userEvents", "systemEvents", "groupEvents", "groups"));
    }

    @Override
    public String name() {
        return "list of { url, userEvents, systemEvents, groupEvents, groups }";
    }

    @Override
    protected EventHandlerSettings read(Members members) {
        String url = members.need("url");
        if (!URL.matcher(url).matches()) {
            throw members.fault(
                    "url", "'url' must be a URL such as http://app:7072/{event}, without placeholders in its host");
        }
        List<String> user = EventNames.user(members);
        List<String> system = EventNames.of(members, "systemEvents", SYSTEM);
        List<String> group = EventNames.of(members, "groupEvents", GROUP);
        if (user.isEmpty() && system.isEmpty() && group.isEmpty()) {
            throw new BadValue("takes no event; name some as userEvents, systemEvents or groupEvents");
        }
        List<String> groups = members.names("groups");
        try {
            return new EventHandlerSettings(url, user, system, group, groups == null ? List.of("**") : groups);
        } catch (IllegalArgumentException bad) {
            throw members.fault("url", Quote.oneLine(String.valueOf(bad.getMessage())));
        }
    }

    @Override
    protected String printItem(EventHandlerSettings handler) {
        return new FlowText()
                .text("url", FlowText.withoutQuery(handler.url()))
                .names("userEvents", handler.userEvents())
                .names("systemEvents", handler.systemEvents())
                .names("groupEvents", handler.groupEvents())
                .names("groups", handler.groupEvents().isEmpty() ? List.of() : handler.groups())
                .toString();
    }
}
