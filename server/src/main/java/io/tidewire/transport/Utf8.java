package io.tidewire.transport;

import io.netty.buffer.ByteBuf;

/**
 * Checks UTF-8 (RFC 3629) piece by piece, so that a character may be split over the fragments of a message. The whole state
 * is one int which the caller keeps: {@link #START} between two characters, otherwise how many bytes of the character are
 * missing and the range the next of them must be in. The range of the second byte is what rules out overlong forms,
 * surrogates and anything above U+10FFFF.
 */
final class Utf8 {
    static final int START = 0;
    static final int INVALID = -1;

    private static final long EIGHT_HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Whether these bytes are text by themselves. */
    static boolean isWhole(ByteBuf bytes) {
        return check(START, bytes) == START;
    }

    /** The state after these bytes; {@link #INVALID} as soon as no continuation could make them right. */
    static int check(int state, ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (state != START) {
                state = next(state, bytes.getByte(at++) & 0xFF);
            } else if (end - at >= Long.BYTES && (bytes.getLong(at) & EIGHT_HIGH_BITS) == 0) {
                at += Long.BYTES;
            } else {
                state = first(bytes.getByte(at++) & 0xFF);
            }
            if (state == INVALID) {
                return INVALID;
            }
        }
        return state;
    }

    private static int first(int octet) {
        if (octet < 0x80) {
            return START;
        }
        if (octet < 0xC2 || octet > 0xF4) {
            return INVALID;
        }
        return switch (octet) {
            case 0xE0 -> state(2, 0xA0, 0xBF);
            case 0xED -> state(2, 0x80, 0x9F);
            case 0xF0 -> state(3, 0x90, 0xBF);
            case 0xF4 -> state(3, 0x80, 0x8F);
            default -> state(octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3, 0x80, 0xBF);
        };
    }

    private static int next(int state, int octet) {
        int low = (state >> 8) & 0xFF;
        int high = state & 0xFF;
        if (octet < low || octet > high) {
            return INVALID;
        }
        int missing = (state >> 16) - 1;
        return missing == 0 ? START : state(missing, 0x80, 0xBF);
    }

    private static int state(int missing, int low, int high) {
        return (missing << 16) | (low << 8) | high;
    }
}
