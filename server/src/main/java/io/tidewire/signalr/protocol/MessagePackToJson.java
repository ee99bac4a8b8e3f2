package io.tidewire.signalr.protocol;

import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonStrings;
import io.tidewire.service.protocol.ProtocolViolation;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Converts MessagePack to JSON text in one pass and without a tree.
 *
 * <p>Integers become digits; floats the shortest digits that give them back; NaN and the infinities, which JSON does not
 * have, become {@code null}, as in JavaScript. Binary data becomes a base64 string, a timestamp an ISO-8601 string in UTC,
 * the data of any other extension a base64 string. A map key that is not a string is written as the string of its JSON text;
 * an array or a map as a key is refused.
 *
 * <p>At most six bytes of text come out per byte (control characters in strings).
 */
final class MessagePackToJson {
    private static final int TIMESTAMP = -1;

    private final byte[] bytes;
    private final MessagePackScanner scanner;
    private final ByteOutput out;

    private MessagePackToJson(byte[] bytes, int from, int to, ByteOutput out) {
        this.bytes = bytes;
        this.scanner = new MessagePackScanner(bytes, from, to);
        this.out = out;
    }

    /** @throws ProtocolViolation when it is not exactly one well-formed value, or a map has an array or a map as a key */
    static void convert(byte[] messagePack, int from, int to, ByteOutput out) {
        MessagePackToJson conversion = new MessagePackToJson(messagePack, from, to, out);
        conversion.value(0);
        conversion.scanner.end();
    }

    /** The recursion is as deep as the nesting, which is capped. */
    private void value(int depth) {
        MessagePackScanner.Kind kind = scanner.next();
        switch (kind) {
            case ARRAY -> array(depth + 1);
            case MAP -> map(depth + 1);
            case STRING -> JsonStrings.quote(out, bytes, scanner.dataFrom(), scanner.position());
            case BINARY -> quoted(base64());
            case EXTENSION -> quoted(extension());
            case NIL, BOOL, LONG, UNSIGNED_LONG, FLOAT, DOUBLE -> out.ascii(word(kind));
        }
    }

    private void array(int depth) {
        int count = nested(depth);
        out.put('[');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put(',');
            }
            value(depth);
        }
        out.put(']');
    }

    private void map(int depth) {
        int count = nested(depth);
        out.put('{');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put(',');
            }
            key();
            out.put(':');
            value(depth);
        }
        out.put('}');
    }

    private int nested(int depth) {
        if (depth > HubProtocol.MAX_DEPTH) {
            throw scanner.error("nested deeper than " + HubProtocol.MAX_DEPTH + " levels");
        }
        return scanner.length();
    }

    private void key() {
        MessagePackScanner.Kind kind = scanner.next();
        switch (kind) {
            case STRING -> JsonStrings.quote(out, bytes, scanner.dataFrom(), scanner.position());
            case BINARY -> quoted(base64());
            case EXTENSION -> quoted(extension());
            case NIL, BOOL, LONG, UNSIGNED_LONG, FLOAT, DOUBLE -> quoted(word(kind));
            case ARRAY, MAP -> throw scanner.error("an array or a map as a map key");
        }
    }

    private String word(MessagePackScanner.Kind kind) {
        long bits = scanner.bits();
        return switch (kind) {
            case BOOL -> bits != 0 ? "true" : "false";
            case LONG -> Long.toString(bits);
            case UNSIGNED_LONG -> Long.toUnsignedString(bits);
            case FLOAT -> {
                float value = Float.intBitsToFloat((int) bits);
                yield Float.isFinite(value) ? Float.toString(value) : "null";
            }
            case DOUBLE -> {
                double value = Double.longBitsToDouble(bits);
                yield Double.isFinite(value) ? Double.toString(value) : "null";
            }
            case NIL, STRING, BINARY, EXTENSION, ARRAY, MAP -> "null";
        };
    }

    private void quoted(String ascii) {
        out.put('"').ascii(ascii).put('"');
    }

    private String base64() {
        byte[] data = Arrays.copyOfRange(bytes, scanner.dataFrom(), scanner.position());
        return Base64.getEncoder().encodeToString(data);
    }

    private String extension() {
        Instant instant = scanner.extensionType() == TIMESTAMP ? timestamp() : null;
        return instant == null ? base64() : instant.toString();
    }

    /** The three forms of the MessagePack timestamp; null when it is none of them or no date that exists. */
    private @Nullable Instant timestamp() {
        int at = scanner.dataFrom();
        long seconds;
        long nanos;
        switch (scanner.length()) {
            case 4 -> {
                seconds = number(at, 4);
                nanos = 0;
            }
            case 8 -> {
                long both = number(at, 8);
                seconds = both & ((1L << 34) - 1);
                nanos = both >>> 34;
            }
            case 12 -> {
                nanos = number(at, 4);
                seconds = number(at + 4, 8);
            }
            default -> {
                return null;
            }
        }
        boolean exists = nanos <= 999_999_999
                && seconds >= Instant.MIN.getEpochSecond()
                && seconds <= Instant.MAX.getEpochSecond();
        return exists ? Instant.ofEpochSecond(seconds, nanos) : null;
    }

    private long number(int at, int count) {
        long result = 0;
        for (int i = at; i < at + count; i++) {
            result = (result << 8) | (bytes[i] & 0xFF);
        }
        return result;
    }
}
