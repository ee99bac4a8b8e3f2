package io.tidewire.service.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * One message as an array to scan and as a buffer to hand on. Memory on the heap is scanned in place, any other is copied
 * once; its size is what was received, never what was announced.
 */
public final class MessageView {
    private final ByteBuf raw;
    private final byte[] bytes;
    private final int from;

    public MessageView(ByteBuf buffer, int index, int length) {
        raw = buffer.slice(index, length);
        if (raw.hasArray()) {
            bytes = raw.array();
            from = raw.arrayOffset();
        } else {
            bytes = ByteBufUtil.getBytes(raw);
            from = 0;
        }
    }

    /** The message itself; borrowed. */
    public ByteBuf raw() {
        return raw;
    }

    /** The array with the message in it, {@link #from()} to {@link #to()}. */
    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return from + raw.capacity();
    }

    /** The part of the message between two positions of a scanner. */
    public ByteBuf part(int start, int end) {
        return raw.slice(start - from, end - start);
    }
}
