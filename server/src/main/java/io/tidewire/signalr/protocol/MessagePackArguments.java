package io.tidewire.signalr.protocol;

import io.tidewire.service.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Arguments as one MessagePack array; always well-formed, with map keys that JSON can name. Immutable. */
public final class MessagePackArguments implements Arguments {
    /** No arguments at all. */
    public static final MessagePackArguments NONE = of(new byte[] {(byte) 0x90});

    private final byte[] bytes;
    private final int from;
    private final int to;

    /** Takes over a part of an array that a {@link MessagePackScanner} has just accepted. */
    MessagePackArguments(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /**
     * Copies one array.
     *
     * @throws ProtocolViolation when it is anything else, or a map in it has an array or a map as a key
     */
    public static MessagePackArguments of(byte[] messagePack) {
        return MessagePackScanner.argumentsOf(messagePack);
    }

    byte[] array() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    @Override
    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessagePackArguments that
                && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(bytes, from, to - from).hashCode();
    }

    /** A copy of the array. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, from, to);
    }
}
