package io.tidewire.transport;

import io.tidewire.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a chunked answer as server-sent events, line by line and no further than asked. */
public final class RawEventStream implements AutoCloseable {
    private final RawHttp http;
    private final RawHttp.Answer head;
    private int left;
    private boolean ended;

    private RawEventStream(RawHttp http) {
        this.http = http;
        this.head = http.readHead();
    }

    /** Asks for a stream on this connection. */
    public static RawEventStream open(RawHttp http, String target, String... headers) {
        var all = new ArrayList<>(List.of(headers));
        all.add("Accept: text/event-stream");
        return new RawEventStream(http.get(target, all.toArray(String[]::new)));
    }

    public RawHttp.Answer head() {
        return head;
    }

    public RawHttp http() {
        return http;
    }

    /** The next line, without its CRLF; null at the end of the stream. */
    public @Nullable String line() {
        var line = new ByteArrayOutputStream();
        for (int c = read(); c != '\n'; c = read()) {
            if (c < 0) {
                return null;
            }
            line.write(c);
        }
        byte[] bytes = line.toByteArray();
        if (bytes.length == 0 || bytes[bytes.length - 1] != '\r') {
            throw new AssertionError("A line does not end with CRLF: " + line);
        }
        return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
    }

    /** The data of the next event, its lines joined with LF; null at the end of the stream. */
    public @Nullable String next() {
        List<String> data = new ArrayList<>();
        while (true) {
            String line = line();
            if (line == null) {
                return null;
            }
            if (line.isEmpty() && !data.isEmpty()) {
                return String.join("\n", data);
            }
            if (line.startsWith("data: ")) {
                data.add(line.substring("data: ".length()));
            } else if (!line.startsWith(":") && !line.isEmpty()) {
                throw new AssertionError("Not a line of an event stream: " + line);
            }
        }
    }

    private int read() {
        if (ended) {
            return -1;
        }
        if (left == 0) {
            left = Integer.parseInt(ascii(), 16);
            if (left == 0) {
                ascii();
                ended = true;
                return -1;
            }
        }
        int c = http.readBytes(1)[0] & 0xFF;
        if (--left == 0) {
            ascii();
        }
        return c;
    }

    /** A line of the chunked coding. */
    private String ascii() {
        var line = new StringBuilder();
        for (int c = http.readBytes(1)[0]; c != '\n'; c = http.readBytes(1)[0]) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() {
        http.close();
    }
}
