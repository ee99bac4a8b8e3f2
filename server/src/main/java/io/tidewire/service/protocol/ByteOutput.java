package io.tidewire.service.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array to compose a message in, before its length is known. */
public final class ByteOutput {
    private byte[] bytes;
    private int size;

    public ByteOutput(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    public int size() {
        return size;
    }

    /** The backing array, valid up to {@link #size()}, until the next write. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Makes room for {@code count} more bytes and returns where they go; the caller fills all of them. */
    public int reserve(int count) {
        int at = size;
        int needed = Math.addExact(at, count);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, bytes.length * 2L)));
        }
        size = needed;
        return at;
    }

    public ByteOutput put(int b) {
        int at = reserve(1);
        bytes[at] = (byte) b;
        return this;
    }

    public ByteOutput putShort(int value) {
        int at = reserve(2);
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
        return this;
    }

    public ByteOutput putInt(int value) {
        return putShort(value >>> 16).putShort(value);
    }

    public ByteOutput putLong(long value) {
        return putInt((int) (value >>> 32)).putInt((int) value);
    }

    public ByteOutput put(byte[] source, int from, int length) {
        int at = reserve(length);
        System.arraycopy(source, from, bytes, at, length);
        return this;
    }

    public ByteOutput put(byte[] source) {
        return put(source, 0, source.length);
    }

    /** Appends text that is known to be plain ASCII, such as digits or member names. */
    @SuppressWarnings("deprecation") // String.getBytes(int, int, byte[], int) is exactly the copy that ASCII needs
    public ByteOutput ascii(String text) {
        int at = reserve(text.length());
        text.getBytes(0, text.length(), bytes, at);
        return this;
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
