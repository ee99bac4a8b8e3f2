package io.tidewire.webpubsub.upstream;

import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonStrings;
import io.tidewire.webpubsub.client.Arrival;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The bodies of events that the service makes itself (reference F.3, F.5). */
final class EventBodies {
    static final byte[] EMPTY = ByteOutput.utf8("{}");

    /** Credentials, and what belongs to one hop alone. */
    private static final Set<String> KEPT_HEADERS = Set.of(
            "authorization",
            "proxy-authorization",
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> KEPT_QUERY =
            Set.of("access_token", "awps_connection_id", "awps_reconnection_token");

    private EventBodies() {}

    static byte[] of(Arrival arrival) {
        var out = new ByteOutput(1024);
        out.ascii("{\"claims\":");
        lists(out, arrival.claims(), _ -> true);
        out.ascii(",\"query\":");
        lists(out, arrival.query().get(), name -> !KEPT_QUERY.contains(name.toLowerCase(Locale.ROOT)));
        out.ascii(",\"headers\":");
        lists(out, arrival.headers().get(), name -> !KEPT_HEADERS.contains(name.toLowerCase(Locale.ROOT)));
        out.ascii(",\"subprotocols\":");
        list(out, arrival.subprotocols());
        return out.ascii(",\"clientCertificates\":[]}").toByteArray();
    }

    /** An object with one member. */
    static byte[] of(String name, @Nullable String value) {
        var out = new ByteOutput(64);
        out.ascii("{\"" + name + "\":");
        if (value == null) {
            out.ascii("null");
        } else {
            JsonStrings.quote(out, value);
        }
        return out.put('}').toByteArray();
    }

    private static void lists(ByteOutput out, Map<String, List<String>> lists, Predicate<String> told) {
        out.put('{');
        boolean first = true;
        for (Map.Entry<String, List<String>> entry : lists.entrySet()) {
            if (told.test(entry.getKey())) {
                if (!first) {
                    out.put(',');
                }
                first = false;
                JsonStrings.quote(out, entry.getKey());
                out.put(':');
                list(out, entry.getValue());
            }
        }
        out.put('}');
    }

    private static void list(ByteOutput out, List<String> values) {
        out.put('[');
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            JsonStrings.quote(out, values.get(i));
        }
        out.put(']');
    }
}
