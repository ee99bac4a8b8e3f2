package io.tidewire.signalr.protocol;

import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Arguments as the text of one JSON array; always well-formed. Immutable. */
public final class JsonArguments implements Arguments {
    /** No arguments at all. */
    public static final JsonArguments NONE = of(new byte[] {'[', ']'});

    private final byte[] json;
    private final int from;
    private final int to;

    /** Takes over a part of an array that a {@link JsonScanner} has just accepted. */
    private JsonArguments(byte[] json, int from, int to) {
        this.json = json;
        this.from = from;
        this.to = to;
    }

    /**
     * Copies the text of one array.
     *
     * @throws ProtocolViolation when it is anything else
     */
    public static JsonArguments of(byte[] json) {
        JsonScanner scanner = new JsonScanner(Arrays.copyOf(json, json.length), 0, json.length);
        JsonArguments arguments = next(scanner);
        scanner.end();
        return arguments;
    }

    /** The next value, which is an array: kept as the bytes it is written in, which must never change from here on. */
    public static JsonArguments next(JsonScanner scanner) {
        int from = scanner.skipArray();
        return new JsonArguments(scanner.source(), from, scanner.position());
    }

    byte[] array() {
        return json;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    @Override
    public int size() {
        return json.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonArguments that && Arrays.equals(json, from, to, that.json, that.from, that.to);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(json, from, to - from).hashCode();
    }

    /** A copy of the text. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(json, from, to);
    }
}
