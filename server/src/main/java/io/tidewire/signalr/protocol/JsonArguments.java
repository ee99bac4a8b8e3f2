package io.tidewire.signalr.protocol;

import java.util.Arrays;

/** Arguments as the text of one JSON array; always well-formed. Immutable. */
public final class JsonArguments implements Arguments {
    /** No arguments at all. */
    public static final JsonArguments NONE = of(new byte[] {'[', ']'});

    private final byte[] json;
    private final int from;
    private final int to;

    /** Takes over a part of an array that a {@link JsonScanner} has just accepted. */
    JsonArguments(byte[] json, int from, int to) {
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
        return JsonScanner.argumentsOf(json);
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

    /** A copy of the text. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(json, from, to);
    }
}
