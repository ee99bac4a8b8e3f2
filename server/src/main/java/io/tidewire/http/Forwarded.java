package io.tidewire.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What proxies have written about a request's way, the nearest one last: of each hop the address it came from, the scheme and the host. Any
 * list may be empty, and what is in it is as yet no more than text.
 */
record Forwarded(List<String> addresses, List<String> schemes, List<String> hosts) {
    /** As good as unlimited; who sends more tells nothing. */
    private static final int MAX_HOPS = 64;

    /** {@code X-Forwarded-*} where there is any of it, as most proxies write; otherwise {@code Forwarded} (RFC 7239). */
    static Forwarded read(HttpHeaders headers) {
        var forwarded = new Forwarded(
                list(headers, "X-Forwarded-For"),
                list(headers, "X-Forwarded-Proto"),
                list(headers, "X-Forwarded-Host"));
        boolean any = !(forwarded.addresses.isEmpty() && forwarded.schemes.isEmpty() && forwarded.hosts.isEmpty());
        return any ? forwarded : standard(headers);
    }

    /** The value of the hop that lies this far back, 1 for the last one, or of the farthest that is known; null when there is none. */
    static @Nullable String back(List<String> values, int hops) {
        return values.isEmpty() ? null : values.get(Math.max(0, values.size() - hops));
    }

    private static List<String> list(HttpHeaders headers, String name) {
        var values = new ArrayList<String>();
        for (String line : headers.getAll(name)) {
            for (String value : split(line, ',')) {
                values.add(value);
            }
        }
        return values.size() > MAX_HOPS ? List.of() : values;
    }

    private static Forwarded standard(HttpHeaders headers) {
        var forwarded = new Forwarded(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (String hop : list(headers, "Forwarded")) {
            for (String pair : split(hop, ';')) {
                int equals = pair.indexOf('=');
                String value = unquoted(pair.substring(equals + 1).strip());
                switch (equals < 0 ? "" : pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
                    case "for" -> forwarded.addresses.add(value);
                    case "proto" -> forwarded.schemes.add(value);
                    case "host" -> forwarded.hosts.add(value);
                    default -> {
                        // By whom it was received says nothing that is used here.
                    }
                }
            }
        }
        return forwarded;
    }

    /** At each separator that is not between quotes; what is empty is left out. */
    private static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (text.charAt(i) == separator && !quoted)) {
                String part = text.substring(start, i).strip();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                start = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return parts;
    }

    /** No address, scheme or host has a character that needs an escape. */
    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
