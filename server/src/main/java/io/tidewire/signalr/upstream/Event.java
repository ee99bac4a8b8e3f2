package io.tidewire.signalr.upstream;

import io.tidewire.service.upstream.UrlTemplate;
import io.tidewire.service.upstream.UrlTemplate.Parameter;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened, as rules and headers name it (reference E.1).
 *
 * @param hub as named internally
 * @param category {@link #CONNECTIONS} or {@link #MESSAGES}
 * @param name {@code connected}, {@code disconnected}, or the target of a message exactly as the client sent it
 */
record Event(String hub, String category, String name) {
    static final String CONNECTIONS = "connections";
    static final String MESSAGES = "messages";

    /** The parameters of URLs; those that clients choose must not choose the host. */
    static final List<Parameter> PARAMETERS = List.of(
            new Parameter("hub", null),
            new Parameter("category", null),
            new Parameter("event", "clients choose the names of events, and would choose the host"));

    static Event connected(String hub) {
        return new Event(hub, CONNECTIONS, "connected");
    }

    static Event disconnected(String hub) {
        return new Event(hub, CONNECTIONS, "disconnected");
    }

    static Event message(String hub, String target) {
        return new Event(hub, MESSAGES, target);
    }

    /** Null when there is none; a name that is too long for one is also too long for a header. */
    @Nullable
    URI url(UrlTemplate template) {
        return name.length() > UrlTemplate.MAX_URL ? null : template.expand(this::parameter);
    }

    private String parameter(String parameter) {
        return switch (parameter) {
            case "hub" -> hub;
            case "category" -> category;
            case "event" -> name;
            default -> throw new IllegalArgumentException(parameter);
        };
    }
}
