package io.tidewire.webpubsub.upstream;

import io.tidewire.webpubsub.protocol.Metadata;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is told (CloudEvents 1.0; reference F.2).
 *
 * @param who the client
 * @param id counts the events of one connection
 * @param state what a handler stored with the connection; empty for none
 * @param data never changed
 */
@SuppressWarnings("ArrayRecordComponent") // told, never compared
record CloudEvent(
        Event event,
        Client who,
        long id,
        Instant time,
        String state,
        String contentType,
        byte[] data,
        Metadata metadata) {
    static final String JSON = "application/json; charset=utf-8";

    /** A client as events name it. */
    record Client(
            String hub,
            String connectionId,
            @Nullable String userId,
            @Nullable String subprotocol) {}

    /** By their names in headers, without the {@code ce-}; elsewhere names are lower case. */
    List<Map.Entry<String, String>> attributes() {
        var all = new ArrayList<Map.Entry<String, String>>(12);
        all.add(Map.entry("specversion", "1.0"));
        all.add(Map.entry("awpsversion", "1.0"));
        all.add(Map.entry("type", event.type()));
        all.add(Map.entry("source", "/hubs/" + who.hub + "/client/" + who.connectionId));
        all.add(Map.entry("id", Long.toString(id)));
        all.add(Map.entry("time", time.truncatedTo(ChronoUnit.SECONDS).toString()));
        all.add(Map.entry("hub", who.hub));
        all.add(Map.entry("connectionId", who.connectionId));
        all.add(Map.entry("eventName", event.name()));
        add(all, "userId", who.userId);
        add(all, "subprotocol", who.subprotocol);
        add(all, "connectionState", state);
        return all;
    }

    private static void add(List<Map.Entry<String, String>> all, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            all.add(Map.entry(name, value));
        }
    }

    /** The memory that it takes, about. */
    int weight() {
        return weight(event, data, metadata) + Character.BYTES * state.length();
    }

    static int weight(Event event, byte[] data, Metadata metadata) {
        int weight = 512 + data.length + Character.BYTES * event.name().length();
        for (Map.Entry<String, String> entry : metadata.entries().entrySet()) {
            weight += 64 + entry.getKey().length() + entry.getValue().length();
        }
        return weight;
    }
}
