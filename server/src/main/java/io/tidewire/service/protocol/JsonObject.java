package io.tidewire.service.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidewire.transport.EncodedFrame;

/** Composes a JSON object, member by member, in the order in which they are named. */
public final class JsonObject {
    private static final byte[] NOTHING = {};

    private final ByteOutput out;
    private boolean first;

    public JsonObject(int expected) {
        out = new ByteOutput(expected);
        open();
    }

    public JsonObject text(String name, String value) {
        JsonStrings.quote(value(name), value);
        return this;
    }

    public JsonObject number(String name, long value) {
        value(name).ascii(Long.toString(value));
        return this;
    }

    public JsonObject unsigned(String name, long value) {
        value(name).ascii(Long.toUnsignedString(value));
        return this;
    }

    public JsonObject flag(String name, boolean value) {
        value(name).ascii(value ? "true" : "false");
        return this;
    }

    /** A member whose value the caller writes: one JSON value, or, at the end of the object, none yet. */
    public ByteOutput value(String name) {
        if (!first) {
            out.put(',');
        }
        first = false;
        return out.put('"').ascii(name).ascii("\":");
    }

    /** An object as a member; what follows is in it, up to {@link #close()}. */
    public JsonObject open(String name) {
        value(name);
        return open();
    }

    /** An object as the value that the caller was to write. */
    public JsonObject open() {
        out.put('{');
        first = true;
        return this;
    }

    public JsonObject close() {
        out.put('}');
        first = false;
        return this;
    }

    /** All of it in one text message, with that end, which closes the object. The caller owns the frame. */
    public EncodedFrame frame(byte[] end) {
        return frame(NOTHING, 0, 0, end);
    }

    /** As {@link #frame(byte[])}, with the value of the last member still to come: bytes that are copied but once. */
    public EncodedFrame frame(byte[] value, int from, int length, byte[] end) {
        ByteBuf buffer = EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, out.size() + length + end.length);
        buffer.writeBytes(out.array(), 0, out.size()).writeBytes(value, from, length);
        return EncodedFrame.seal(buffer.writeBytes(end), false);
    }

    /** What there is of the object, without its end, and the value of the last member. The caller owns the buffer. */
    public ByteBuf unfinished(byte[] value) {
        return ByteBufAllocator.DEFAULT
                .directBuffer(out.size() + value.length)
                .writeBytes(out.array(), 0, out.size())
                .writeBytes(value);
    }
}
