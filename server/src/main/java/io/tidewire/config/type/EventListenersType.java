package io.tidewire.config.type;

import io.tidewire.webpubsub.upstream.EventListenerSettings;
import java.util.List;

/** The event listeners of a hub of Web PubSub. URLs may hold secrets, which are never shown. */
final class EventListenersType extends ObjectListType<EventListenerSettings> {
    /** Nobody can listen to {@code connect}, which wants an answer. */
    private static final List<String> SYSTEM = List.of("connected", "disconnected");

    EventListenersType() {
        super(List.of("endpoint", "userEvents", "systemEvents"));
    }

    @Override
    public String name() {
        return "list of { endpoint, userEvents, systemEvents }";
    }

    @Override
    protected EventListenerSettings read(Members members) {
        String endpoint = members.need("endpoint");
        List<String> user = EventNames.user(members);
        List<String> system = EventNames.of(members, "systemEvents", SYSTEM);
        if (user.isEmpty() && system.isEmpty()) {
            throw new BadValue("hears no event; name some as userEvents or systemEvents");
        }
        try {
            return new EventListenerSettings(endpoint, user, system);
        } catch (IllegalArgumentException bad) {
            throw members.fault("endpoint", Quote.oneLine(String.valueOf(bad.getMessage())));
        }
    }

    @Override
    protected String printItem(EventListenerSettings listener) {
        return new FlowText()
                .text("endpoint", FlowText.withoutSecrets(listener.endpoint()))
                .names("userEvents", listener.userEvents())
                .names("systemEvents", listener.systemEvents())
                .toString();
    }
}
