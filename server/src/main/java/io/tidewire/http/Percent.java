package io.tidewire.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Percent-decoding (RFC 3986, 2.1) of UTF-8, done exactly once and strictly: what is not valid is never guessed at. */
final class Percent {
    private Percent() {}

    /**
     * The text of {@code raw} from {@code from} to {@code to} (exclusive) decoded, or null when a percent sequence is cut or not
     * hexadecimal, or when the bytes are not UTF-8 (overlong forms and surrogates included).
     *
     * @param plusIsSpace as in a query, not in a path
     */
    static @Nullable String decode(String raw, int from, int to, boolean plusIsSpace) {
        int at = from;
        while (at < to && !special(raw.charAt(at), plusIsSpace)) {
            at++;
        }
        return at == to ? raw.substring(from, to) : decodeFrom(at, raw, from, to, plusIsSpace);
    }

    private static boolean special(char c, boolean plusIsSpace) {
        return c == '%' || c > 0x7f || (plusIsSpace && c == '+');
    }

    private static @Nullable String decodeFrom(int first, String raw, int from, int to, boolean plusIsSpace) {
        byte[] bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < first; i++) {
            bytes[length++] = (byte) raw.charAt(i);
        }
        int seen = 0;
        for (int i = first; i < to; i++) {
            char c = raw.charAt(i);
            int value = c;
            if (c == '%') {
                if (i + 2 >= to) { // two digits must follow
                    return null;
                }
                int high = hex(raw.charAt(i + 1));
                int low = hex(raw.charAt(i + 2));
                if (high < 0 || low < 0) {
                    return null;
                }
                value = high << 4 | low;
                i += 2;
            } else if (c > 0x7f) {
                return null;
            } else if (plusIsSpace && c == '+') {
                value = ' ';
            }
            seen |= value;
            bytes[length++] = (byte) value;
        }
        return seen < 0x80 ? new String(bytes, 0, length, StandardCharsets.ISO_8859_1) : utf8(bytes, length);
    }

    private static int hex(char c) {
        // Character.digit would also take digits of other scripts.
        return c > 0x7f ? -1 : Character.digit(c, 16);
    }

    private static @Nullable String utf8(byte[] bytes, int length) {
        try {
            // A new decoder reports malformed input; the String constructor would put U+FFFD in its place.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }
}
