package io.tidewire.service.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Whole numbers as 7 bits per byte, lowest first: the length in front of a MessagePack message, which has 1 to 5 bytes and is at
 * most 2^31 - 1, and all that protobuf counts.
 */
public final class VarInt {
    public static final int MAX_BYTES = 5;

    /** {@link #read(ByteBuf, int, int)}: the bytes end inside the length. */
    public static final long INCOMPLETE = -1;

    private VarInt() {}

    /** Bytes of the number, which is unsigned. */
    public static int size(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }

    public static void write(ByteBuf buffer, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer.writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte((int) rest);
    }

    public static void write(ByteOutput out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.put((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.put((int) rest);
    }

    /**
     * Reads a length at an index.
     *
     * @return {@link #INCOMPLETE}, or the length in the lower 32 bits and the number of its bytes in the upper ones
     * @throws ProtocolViolation when it is longer than five bytes or above 2^31 - 1
     */
    public static long read(ByteBuf buffer, int index, int available) {
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

    public static int length(long read) {
        return (int) read;
    }

    public static int bytes(long read) {
        return (int) (read >>> 32);
    }
}
