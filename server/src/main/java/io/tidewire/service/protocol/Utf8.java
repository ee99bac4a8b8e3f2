package io.tidewire.service.protocol;

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
    private Utf8() {}

    public static boolean isValid(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (bytes[i] >= 0) {
                i++;
            } else {
                i = next(bytes, i, to);
                if (i < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The index after the multi-byte character that starts at {@code i}, or -1 when it is malformed or cut off. */
    public static int next(byte[] bytes, int i, int to) {
        int lead = bytes[i] & 0xFF;
        if (lead < 0xC2) {
            return -1; // a continuation byte, or an overlong form of ASCII
        }
        if (lead < 0xE0) {
            return i + 1 < to && isContinuation(bytes[i + 1]) ? i + 2 : -1;
        }
        if (lead < 0xF0) {
            if (i + 2 >= to || !isContinuation(bytes[i + 1]) || !isContinuation(bytes[i + 2])) {
                return -1;
            }
            int second = bytes[i + 1] & 0xFF;
            boolean overlong = lead == 0xE0 && second < 0xA0;
            boolean surrogate = lead == 0xED && second >= 0xA0;
            return overlong || surrogate ? -1 : i + 3;
        }
        if (lead > 0xF4
                || i + 3 >= to
                || !isContinuation(bytes[i + 1])
                || !isContinuation(bytes[i + 2])
                || !isContinuation(bytes[i + 3])) {
            return -1;
        }
        int second = bytes[i + 1] & 0xFF;
        boolean overlong = lead == 0xF0 && second < 0x90;
        boolean tooHigh = lead == 0xF4 && second >= 0x90;
        return overlong || tooHigh ? -1 : i + 4;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
