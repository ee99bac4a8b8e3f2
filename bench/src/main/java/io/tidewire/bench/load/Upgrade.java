package io.tidewire.bench.load;

import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * How a client asks to become a WebSocket.
 *
 * @param token bearer token, if any
 * @param subject what a client of NATS subscribes to
 */
public record Upgrade(
        String path,
        @Nullable String token,
        @Nullable String subprotocol,
        @Nullable String subject) {
    public static Upgrade to(String path) {
        return new Upgrade(path, null, null, null);
    }

    public static Upgrade to(String path, String token, @Nullable String subprotocol) {
        return new Upgrade(path, token, subprotocol, null);
    }

    /** As the load reads it: words with tabs between. */
    String line() {
        StringJoiner line = new StringJoiner("\t");
        for (String word : List.of(path, orNone(token), orNone(subprotocol), orNone(subject))) {
            line.add(word);
        }
        return line.toString();
    }

    private static String orNone(@Nullable String word) {
        return word == null ? "-" : word;
    }
}
