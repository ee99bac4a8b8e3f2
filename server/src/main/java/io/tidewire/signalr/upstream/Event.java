package io.tidewire.signalr.upstream;

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

    static Event connected(String hub) {
        return new Event(hub, CONNECTIONS, "connected");
    }

    static Event disconnected(String hub) {
        return new Event(hub, CONNECTIONS, "disconnected");
    }

    static Event message(String hub, String target) {
        return new Event(hub, MESSAGES, target);
    }
}
