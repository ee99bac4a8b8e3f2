package io.tidewire.signalr.client;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The query of a client as it is kept and told to upstreams. */
public final class ClientQuery {
    private ClientQuery() {}

    /**
     * As it was sent, without the client's token and the id of the connection, which is as secret as one. Together they are most of what
     * browsers send, and a client would hold them for as long as it lives.
     */
    public static String withoutSecrets(String raw) {
        return List.of(raw.split("&", -1)).stream()
                .filter(pair -> !isSecret(pair))
                .collect(Collectors.joining("&"));
    }

    private static boolean isSecret(String pair) {
        int equals = pair.indexOf('=');
        try {
            String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8)
                    .strip();
            return name.equalsIgnoreCase("access_token") || name.equalsIgnoreCase("id");
        } catch (IllegalArgumentException unreadable) {
            return true; // it may be one of them
        }
    }
}
