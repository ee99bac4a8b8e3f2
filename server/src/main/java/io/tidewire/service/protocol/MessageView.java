package io.tidewire.service.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Objects;

/**
 * One message as an array to scan and as a buffer to hand on. Memory on the heap is scanned in place, any other is copied
 * once; its size is what was received, never what was announced.
 */
public final class MessageView {
    private final ByteBuf buffer;
    private final int index;
    private final int length;
    private final byte[] bytes;
    private final int from;

    public MessageView(ByteBuf buffer, int index, int length) {
        Objects.checkFromIndexSize(index, length, buffer.capacity());
        this.buffer = buffer;
        this.index = index;
        this.length = length;
        if (buffer.hasArray()) {
            bytes = buffer.array();
            from = buffer.arrayOffset() + index;
        } else {
            bytes = ByteBufUtil.getBytes(buffer, index, length);
            from = 0;
        }
    }

    /** The message itself; borrowed. */
    public ByteBuf raw() {
        return buffer.slice(index, length);
    }

    /** The array with the message in it, {@link #from()} to {@link #to()}. */
    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return from + length;
    }

    /** The part of the message between two positions of a scanner. */
    public ByteBuf part(int start, int end) {
        return buffer.slice(index + start - from, end - start);
    }
}
