package io.tidewire.config.type;

import java.util.ArrayList;
import java.util.List;

/** Writes one object in YAML's flow style. */
final class FlowText {
    private final List<String> members = new ArrayList<>();

    FlowText text(String name, String value) {
        return plain(name, quoted(value));
    }

    /** Nothing where there are none. */
    FlowText names(String name, List<String> values) {
        return values.isEmpty() ? this : text(name, String.join(",", values));
    }

    /** What needs no quotes, or has them. */
    FlowText plain(String name, String value) {
        members.add(name + ": " + value);
        return this;
    }

    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A URL without its query, which may hold secrets. */
    static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query) + "?***";
    }

    /** Also without user and password. */
    static String withoutSecrets(String url) {
        return withoutQuery(url).replaceFirst("^([a-zA-Z]+://)[^/]*@", "$1***@");
    }

    @Override
    public String toString() {
        return "{" + String.join(", ", members) + "}";
    }
}
