package io.tidewire.signalr.protocol;

import io.tidewire.service.protocol.Names;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.protocol.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads MessagePack value by value out of an array and checks everything in passing. No tree and no copies: a length in a
 * header is compared with the bytes that are there before anything is done with it.
 *
 * <p>Refused besides: invalid UTF-8 in a string, the unused code 0xC1, and nesting deeper than
 * {@link HubProtocol#MAX_DEPTH}. Whatever is refused is a {@link ProtocolViolation} that names the position.
 *
 * <p>One use, one thread.
 */
public final class MessagePackScanner {
    /** What a value is. */
    public enum Kind {
        NIL,
        BOOL,
        /** A whole number that fits a long. */
        LONG,
        /** A whole number above {@link Long#MAX_VALUE}. */
        UNSIGNED_LONG,
        FLOAT,
        DOUBLE,
        STRING,
        BINARY,
        EXTENSION,
        ARRAY,
        MAP
    }

    /** From {@link #key}: a name that is not in the table. */
    public static final int OTHER = Names.OTHER;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;
    private int depth;

    private long value;
    private int length;
    private int extensionType;
    private int dataFrom;

    public MessagePackScanner(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.at = start;
    }

    /** The index in the array of the next unread byte. */
    public int position() {
        return at;
    }

    /** What comes next, without reading it. */
    public Kind peek() {
        int from = at;
        Kind kind = next();
        at = from;
        return kind;
    }

    /**
     * Reads a scalar whole, or the header of an array or map, whose entries come next. What it held is in {@link #bits()},
     * {@link #length()}, {@link #dataFrom()} and {@link #extensionType()} until the next call.
     */
    Kind next() {
        int head = (int) unsigned(1);
        if (head < 0x80) {
            return number(head);
        }
        if (head >= 0xE0) {
            return number((byte) head);
        }
        if (head < 0x90) {
            return container(Kind.MAP, head & 0xF);
        }
        if (head < 0xA0) {
            return container(Kind.ARRAY, head & 0xF);
        }
        if (head < 0xC0) {
            return string(head & 0x1F);
        }
        return switch (head) {
            case 0xC0 -> Kind.NIL;
            case 0xC2, 0xC3 -> {
                value = head & 1;
                yield Kind.BOOL;
            }
            case 0xC4, 0xC5, 0xC6 -> data(Kind.BINARY, unsigned(1 << (head - 0xC4)));
            case 0xC7, 0xC8, 0xC9 -> extension(unsigned(1 << (head - 0xC7)));
            case 0xCA -> {
                value = unsigned(4);
                yield Kind.FLOAT;
            }
            case 0xCB -> {
                value = unsigned(8);
                yield Kind.DOUBLE;
            }
            case 0xCC, 0xCD, 0xCE -> number(unsigned(1 << (head - 0xCC)));
            case 0xCF -> {
                value = unsigned(8);
                yield value < 0 ? Kind.UNSIGNED_LONG : Kind.LONG;
            }
            case 0xD0, 0xD1, 0xD2, 0xD3 -> number(signed(1 << (head - 0xD0)));
            case 0xD4, 0xD5, 0xD6, 0xD7, 0xD8 -> extension(1L << (head - 0xD4));
            case 0xD9, 0xDA, 0xDB -> string(unsigned(1 << (head - 0xD9)));
            case 0xDC, 0xDD -> container(Kind.ARRAY, unsigned(2 << (head - 0xDC)));
            case 0xDE, 0xDF -> container(Kind.MAP, unsigned(2 << (head - 0xDE)));
            default -> throw error("the unused code 0xC1");
        };
    }

    /** A whole number, 0 or 1 for a boolean, or the raw bits of a float or double. */
    long bits() {
        return value;
    }

    /** Bytes of a string, binary or extension; entries of an array or map. */
    int length() {
        return length;
    }

    int dataFrom() {
        return dataFrom;
    }

    int extensionType() {
        return extensionType;
    }

    private Kind number(long number) {
        value = number;
        return Kind.LONG;
    }

    private Kind container(Kind kind, long entries) {
        // Each entry takes at least one byte, so a count that lies is found out here.
        if (entries * (kind == Kind.MAP ? 2 : 1) > end - at) {
            throw error("more entries announced than there are bytes");
        }
        length = (int) entries;
        return kind;
    }

    private Kind string(long count) {
        data(Kind.STRING, count);
        if (!Utf8.isValid(bytes, dataFrom, at)) {
            at = dataFrom;
            throw error("invalid UTF-8");
        }
        return Kind.STRING;
    }

    private Kind extension(long count) {
        extensionType = (byte) unsigned(1);
        return data(Kind.EXTENSION, count);
    }

    private Kind data(Kind kind, long count) {
        if (count > end - at) {
            throw error("more bytes announced than there are");
        }
        dataFrom = at;
        length = (int) count;
        at += length;
        return kind;
    }

    private long unsigned(int count) {
        if (count > end - at) {
            throw error("the data ends inside a value");
        }
        long result = 0;
        for (int i = 0; i < count; i++) {
            result = (result << 8) | (bytes[at++] & 0xFF);
        }
        return result;
    }

    private long signed(int count) {
        int spare = Long.SIZE - Byte.SIZE * count;
        return unsigned(count) << spare >> spare;
    }

    /** Steps into an array and returns its number of elements; {@link #leave()} steps out after the last one. */
    public int enterArray() {
        return enter(Kind.ARRAY, "an array");
    }

    /** Steps into a map and returns its number of entries; {@link #leave()} steps out after the last one. */
    public int enterMap() {
        return enter(Kind.MAP, "a map");
    }

    private int enter(Kind wanted, String what) {
        expect(wanted, what);
        nest();
        return length;
    }

    public void leave() {
        depth--;
    }

    private void nest() {
        if (++depth > HubProtocol.MAX_DEPTH) {
            throw error("nested deeper than " + HubProtocol.MAX_DEPTH + " levels");
        }
    }

    private void expect(Kind wanted, String what) {
        int from = at;
        if (next() != wanted) {
            at = from;
            throw error("expected " + what);
        }
    }

    public String string() {
        expect(Kind.STRING, "a string");
        return new String(bytes, dataFrom, length, StandardCharsets.UTF_8);
    }

    public @Nullable String stringOrNull() {
        return takeNil() ? null : string();
    }

    /**
     * Reads a map key of any kind.
     *
     * @param names the names to know, plain ASCII
     * @return the index in {@code names} or {@link #OTHER}
     */
    public int key(String[] names, boolean ignoreCase) {
        if (peek() == Kind.STRING) {
            next();
            return Names.indexOf(names, bytes, dataFrom, at, ignoreCase);
        }
        skipValue();
        return OTHER;
    }

    /** Whether the next value is nil, which is then read. */
    public boolean takeNil() {
        if (at < end && bytes[at] == (byte) 0xC0) {
            at++;
            return true;
        }
        return false;
    }

    public boolean bool() {
        expect(Kind.BOOL, "true or false");
        return value != 0;
    }

    /** A whole number in any of its encodings. */
    public long integer() {
        expect(Kind.LONG, "a whole number");
        return value;
    }

    public byte[] binary() {
        expect(Kind.BINARY, "binary data");
        return Arrays.copyOfRange(bytes, dataFrom, at);
    }

    /** An array, kept as its bytes. The array given to the constructor must never change from here on. */
    public MessagePackArguments arguments() {
        if (peek() != Kind.ARRAY) {
            throw error("expected an array");
        }
        int from = at;
        skip(true);
        return new MessagePackArguments(bytes, from, at);
    }

    /** Checks one value of any kind and steps over it. */
    public void skipValue() {
        skip(false);
    }

    private void skip(boolean scalarKeys) {
        Kind kind = next();
        if (kind == Kind.ARRAY) {
            int count = length;
            nest();
            for (int i = 0; i < count; i++) {
                skip(scalarKeys);
            }
            depth--;
        } else if (kind == Kind.MAP) {
            int count = length;
            nest();
            for (int i = 0; i < count; i++) {
                if (scalarKeys) {
                    checkKey();
                }
                skip(scalarKeys);
                skip(scalarKeys);
            }
            depth--;
        }
    }

    /** A map key that is an array or a map has no counterpart in JSON. */
    private void checkKey() {
        Kind key = peek();
        if (key == Kind.ARRAY || key == Kind.MAP) {
            throw error("an array or a map as a map key");
        }
    }

    /** Nothing may follow. */
    public void end() {
        if (at < end) {
            throw error("bytes after the end of the message");
        }
    }

    /** What is wrong, with the position of the next unread byte. */
    public ProtocolViolation error(String what) {
        return new ProtocolViolation("MessagePack: " + what + " at byte " + (at - start));
    }

    static MessagePackArguments argumentsOf(byte[] messagePack) {
        byte[] copy = Arrays.copyOf(messagePack, messagePack.length);
        MessagePackScanner scanner = new MessagePackScanner(copy, 0, copy.length);
        MessagePackArguments arguments = scanner.arguments();
        scanner.end();
        return arguments;
    }
}
