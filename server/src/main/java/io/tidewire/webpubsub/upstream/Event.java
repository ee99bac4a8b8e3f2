package io.tidewire.webpubsub.upstream;

import io.tidewire.service.upstream.UrlTemplate.Parameter;
import java.util.List;
import java.util.Locale;

/**
 * What happened, as handlers, listeners and headers name it (reference F.2).
 *
 * @param name of a user event as the client sent it
 */
record Event(Kind kind, String name) {
    /** Names of different kinds may be the same. */
    enum Kind {
        SYSTEM("azure.webpubsub.sys."),
        USER("azure.webpubsub.user."),
        GROUP("azure.webpubsub.gp.");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** For metrics and logs. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Event CONNECT = new Event(Kind.SYSTEM, "connect");
    static final Event CONNECTED = new Event(Kind.SYSTEM, "connected");
    static final Event DISCONNECTED = new Event(Kind.SYSTEM, "disconnected");
    static final Event JOINED = new Event(Kind.GROUP, "joined");
    static final Event LEFT = new Event(Kind.GROUP, "left");

    private static final String NOT_IN_HOST = "clients choose its value, and would choose the host";

    /** The parameters of URLs (reference A.3). */
    static final List<Parameter> PARAMETERS =
            List.of(new Parameter("hub", NOT_IN_HOST), new Parameter("event", NOT_IN_HOST));

    static Event user(String name) {
        return new Event(Kind.USER, name);
    }

    /** The {@code ce-type}. */
    String type() {
        return kind.prefix + name;
    }

    /** Whether the handler's answer changes what the client gets. */
    boolean blocking() {
        return kind == Kind.USER || equals(CONNECT);
    }
}
