package io.tidewire.signalr.protocol;

import io.netty.buffer.ByteBuf;
import io.tidewire.service.protocol.ProtocolViolation;

/** The length in front of a MessagePack message: 7 bits per byte, lowest first, 1 to 5 bytes, at most 2^31 - 1. */
final class VarInt {
    static final int MAX_BYTES = 5;

    /** {@link #read(ByteBuf, int, int)}: the bytes end inside the length. */
    static final long INCOMPLETE = -1;

    private VarInt() {}

    static int size(int value) {
        return value < (1 << 7) ? 1 : value < (1 << 14) ? 2 : value < (1 << 21) ? 3 : value < (1 << 28) ? 4 : 5;
    }

    static void write(ByteBuf buffer, int value) {
        int rest = value;
        while (rest >= 0x80) {
            buffer.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte(rest);
    }

    /**
     * Reads a length at an index.
     *
     * @return {@link #INCOMPLETE}, or the length in the lower 32 bits and the number of its bytes in the upper ones
     * @throws ProtocolViolation when it is longer than five bytes or above 2^31 - 1
     */
    static long read(ByteBuf buffer, int index, int available) {
        int value = 0;
        int limit = Math.min(MAX_BYTES, available);
        for (int i = 0; i < limit; i++) {
            int b = buffer.getByte(index + i);
            if (i == MAX_BYTES - 1 && (b & 0xF8) != 0) {
                throw new ProtocolViolation("MessagePack: a message length above 2^31 - 1");
            }
            value |= (b & 0x7F) << (7 * i);
            if (b >= 0) {
                return ((long) (i + 1) << 32) | value;
            }
        }
        return INCOMPLETE;
    }

    static int length(long read) {
        return (int) read;
    }

    static int bytes(long read) {
        return (int) (read >>> 32);
    }
}
