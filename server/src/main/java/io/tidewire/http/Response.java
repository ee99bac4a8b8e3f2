package io.tidewire.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An answer.
 *
 * @param status the HTTP status
 * @param headers name and value pairs, in order; {@code Content-Length} and {@code Connection} are the server's to set
 * @param body the bytes; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // answers are written, never compared
public record Response(int status, List<Map.Entry<String, String>> headers, byte[] body) {
    private static final byte[] NOTHING = {};

    public static Response of(int status) {
        return new Response(status, List.of(), NOTHING);
    }

    public static Response text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response json(int status, byte[] json) {
        return of(status, "application/json; charset=utf-8", json);
    }

    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, List.of(Map.entry("Content-Type", contentType)), body);
    }

    public Response with(String name, String value) {
        var all = new java.util.ArrayList<>(headers);
        all.add(Map.entry(name, value));
        return new Response(status, List.copyOf(all), body);
    }
}
