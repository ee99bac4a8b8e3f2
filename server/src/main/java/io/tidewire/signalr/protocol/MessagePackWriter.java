package io.tidewire.signalr.protocol;

import io.tidewire.service.protocol.ByteOutput;

/** Writes MessagePack values in their shortest form. */
final class MessagePackWriter {
    private final ByteOutput out;

    MessagePackWriter(ByteOutput out) {
        this.out = out;
    }

    void nil() {
        out.put(0xC0);
    }

    void bool(boolean value) {
        out.put(value ? 0xC3 : 0xC2);
    }

    void integer(long value) {
        if (value >= 0) {
            unsigned(value);
        } else if (value >= -32) {
            out.put((int) value);
        } else if (value >= Byte.MIN_VALUE) {
            out.put(0xD0).put((int) value);
        } else if (value >= Short.MIN_VALUE) {
            out.put(0xD1).putShort((int) value);
        } else if (value >= Integer.MIN_VALUE) {
            out.put(0xD2).putInt((int) value);
        } else {
            out.put(0xD3).putLong(value);
        }
    }

    /** A whole number of 64 bits without a sign. */
    void unsigned(long value) {
        if (value >>> 7 == 0) {
            out.put((int) value);
        } else if (value >>> 8 == 0) {
            out.put(0xCC).put((int) value);
        } else if (value >>> 16 == 0) {
            out.put(0xCD).putShort((int) value);
        } else if (value >>> 32 == 0) {
            out.put(0xCE).putInt((int) value);
        } else {
            out.put(0xCF).putLong(value);
        }
    }

    void doubleBits(long bits) {
        out.put(0xCB).putLong(bits);
    }

    void arrayHeader(int count) {
        header(count, 0x90, 16, 0xDC);
    }

    void mapHeader(int count) {
        header(count, 0x80, 16, 0xDE);
    }

    /** The {@code length} bytes of UTF-8 are written by the caller. */
    void stringHeader(int length) {
        if (length < 32) {
            out.put(0xA0 | length);
        } else if (length < 256) {
            out.put(0xD9).put(length);
        } else {
            header(length, 0, 0, 0xDA);
        }
    }

    void string(String text) {
        byte[] utf8 = ByteOutput.utf8(text);
        stringHeader(utf8.length);
        out.put(utf8);
    }

    private void header(int count, int fix, int fixLimit, int code16) {
        if (count < fixLimit) {
            out.put(fix | count);
        } else if (count <= 0xFFFF) {
            out.put(code16).putShort(count);
        } else {
            out.put(code16 + 1).putInt(count);
        }
    }
}
