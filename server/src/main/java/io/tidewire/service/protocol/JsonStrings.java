package io.tidewire.service.protocol;

import java.nio.charset.StandardCharsets;

/** The inside of JSON strings: from escapes to UTF-8 and back. Reading expects what {@link JsonScanner} has accepted. */
public final class JsonStrings {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonStrings() {}

    /** The text between the quotes. */
    public static String decode(byte[] json, int from, int to, boolean escaped) {
        if (!escaped) {
            return new String(json, from, to - from, StandardCharsets.UTF_8);
        }
        byte[] utf8 = new byte[to - from];
        int length = unescape(json, from, to, utf8, 0);
        return new String(utf8, 0, length, StandardCharsets.UTF_8);
    }

    /** Bytes that {@link #unescape} writes; never more than there are in the source. */
    public static int unescapedLength(byte[] json, int from, int to) {
        int length = 0;
        int i = from;
        while (i < to) {
            if (json[i] != '\\') {
                length++;
                i++;
            } else if (json[i + 1] != 'u') {
                length++;
                i += 2;
            } else {
                int unit = hex4(json, i + 2);
                boolean pair = Character.isHighSurrogate((char) unit);
                length += pair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
                i += pair ? 12 : 6;
            }
        }
        return length;
    }

    /** Writes the text between the quotes as UTF-8 to {@code target} and returns the index after it. */
    public static int unescape(byte[] json, int from, int to, byte[] target, int at) {
        int out = at;
        int i = from;
        while (i < to) {
            byte b = json[i];
            if (b != '\\') {
                target[out++] = b;
                i++;
                continue;
            }
            byte kind = json[i + 1];
            if (kind != 'u') {
                target[out++] = unescaped(kind);
                i += 2;
                continue;
            }
            int code = hex4(json, i + 2);
            i += 6;
            if (Character.isHighSurrogate((char) code)) {
                code = Character.toCodePoint((char) code, (char) hex4(json, i + 2));
                i += 6;
            }
            out = encode(code, target, out);
        }
        return out;
    }

    private static byte unescaped(byte kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind; // quote, backslash, slash
        };
    }

    private static int encode(int code, byte[] target, int at) {
        int out = at;
        if (code < 0x80) {
            target[out++] = (byte) code;
        } else if (code < 0x800) {
            target[out++] = (byte) (0xC0 | (code >> 6));
            target[out++] = continuation(code);
        } else if (code < 0x10000) {
            target[out++] = (byte) (0xE0 | (code >> 12));
            target[out++] = continuation(code >> 6);
            target[out++] = continuation(code);
        } else {
            target[out++] = (byte) (0xF0 | (code >> 18));
            target[out++] = continuation(code >> 12);
            target[out++] = continuation(code >> 6);
            target[out++] = continuation(code);
        }
        return out;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    /** The value of four hexadecimal digits, or -1 when one of them is none. */
    public static int hex4(byte[] json, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = (value << 4) | digit;
        }
        return value;
    }

    public static void quote(ByteOutput out, String text) {
        byte[] utf8 = ByteOutput.utf8(text);
        quote(out, utf8, 0, utf8.length);
    }

    /** Writes UTF-8 text as a JSON string. Only what JSON demands is escaped: quote, backslash, control characters. */
    public static void quote(ByteOutput out, byte[] utf8, int from, int to) {
        out.put('"');
        int plain = from;
        for (int i = from; i < to; i++) {
            byte b = utf8[i];
            if (b < 0 || (b >= 0x20 && b != '"' && b != '\\')) {
                continue;
            }
            out.put(utf8, plain, i - plain);
            plain = i + 1;
            out.put('\\');
            switch (b) {
                case '"', '\\' -> out.put(b);
                case '\b' -> out.put('b');
                case '\f' -> out.put('f');
                case '\n' -> out.put('n');
                case '\r' -> out.put('r');
                case '\t' -> out.put('t');
                default -> out.ascii("u00").put(HEX[b >> 4]).put(HEX[b & 0xF]);
            }
        }
        out.put(utf8, plain, to - plain).put('"');
    }
}
