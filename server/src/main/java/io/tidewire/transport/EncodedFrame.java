package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.tidewire.http.Budget;
import io.tidewire.hub.Frame;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One encoded message as every transport can send it: a WebSocket header followed by the payload, in read-only direct
 * memory, most often one piece. A WebSocket writes all of it, long polling the {@link #payload()}, server-sent events the {@link #event()}.
 *
 * <p>Server frames are not masked (RFC 6455, 5.1), so the header is the same for all receivers and is encoded once.
 */
public final class EncodedFrame implements Frame {
    /** Room for the longest unmasked header: opcode, length 127, eight bytes of length. */
    private static final int MAX_HEADER = 10;

    private static final int FIN_TEXT = 0x81;
    private static final int FIN_BINARY = 0x82;

    private final ByteBuf bytes;
    private final int headerLength;
    private final boolean numbered;

    /** Made by the first who asks; given back with {@link #bytes}. */
    private final AtomicReference<@Nullable ByteBuf> event = new AtomicReference<>();

    /** Null for a constant. */
    private final @Nullable Holders holders;

    private EncodedFrame(ByteBuf bytes, int headerLength, @Nullable Holders holders, boolean numbered) {
        this.bytes = bytes;
        this.headerLength = headerLength;
        this.holders = holders;
        this.numbered = numbered;
    }

    /** A buffer to write the payload into, with room in front for the header. Give it to {@link #seal}. */
    public static ByteBuf payloadBuffer(ByteBufAllocator allocator, int expectedPayload) {
        return allocator
                .directBuffer(MAX_HEADER + expectedPayload)
                .writerIndex(MAX_HEADER)
                .readerIndex(MAX_HEADER);
    }

    /** Puts the header in front of what was written into a {@link #payloadBuffer}, and takes the buffer over. */
    public static EncodedFrame seal(ByteBuf buffer, boolean binary) {
        int start = header(buffer, buffer.writerIndex() - MAX_HEADER, binary);
        return new EncodedFrame(buffer.readerIndex(start).asReadOnly(), MAX_HEADER - start, new Holders(), true);
    }

    /**
     * As {@link #seal}, with shared bytes in the middle of the payload, which are not copied.
     *
     * @param buffer taken over
     * @param at the index in it where they go in
     * @param shared borrowed; its indexes stay
     */
    public static EncodedFrame sealAround(ByteBuf buffer, int at, ByteBuf shared, boolean binary) {
        int end = buffer.writerIndex();
        int start = header(buffer, end - MAX_HEADER + shared.readableBytes(), binary);
        ByteBuf whole = buffer.alloc()
                .compositeDirectBuffer(3)
                .addComponent(true, buffer.retainedSlice(start, at - start))
                .addComponent(true, shared.retainedSlice())
                .addComponent(true, buffer.slice(at, end - at));
        return new EncodedFrame(whole.asReadOnly(), MAX_HEADER - start, new Holders(), true);
    }

    /** Writes the header so that it ends where the payload begins; returns where it starts. */
    private static int header(ByteBuf buffer, int payload, boolean binary) {
        int start;
        if (payload < 126) {
            start = MAX_HEADER - 2;
            buffer.setByte(start + 1, payload);
        } else if (payload <= 0xFFFF) {
            start = MAX_HEADER - 4;
            buffer.setByte(start + 1, 126);
            buffer.setShort(start + 2, payload);
        } else {
            start = 0;
            buffer.setByte(1, 127);
            buffer.setLong(2, payload);
        }
        buffer.setByte(start, binary ? FIN_BINARY : FIN_TEXT);
        return start;
    }

    /** The same frame, which takes over the reference, for what a protocol does not count among its messages. */
    public EncodedFrame unnumbered() {
        return new EncodedFrame(bytes, headerLength, holders, false);
    }

    /** A frame that lives as long as the process; retain and release do nothing. Never counted. */
    public static EncodedFrame constant(byte[] payload, boolean binary) {
        ByteBuf buffer = payloadBuffer(ByteBufAllocator.DEFAULT, payload.length).writeBytes(payload);
        EncodedFrame sealed = seal(buffer, binary);
        return new EncodedFrame(Unpooled.unreleasableBuffer(sealed.bytes), sealed.headerLength, null, false);
    }

    /** Whether a protocol that numbers its messages counts this one, and sends it again when it may have been lost. */
    public boolean numbered() {
        return numbered;
    }

    /** Header and payload; borrowed. The reader index belongs to all receivers: duplicate before reading. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** The payload without the WebSocket header; borrowed, with indexes of its own. */
    public ByteBuf payload() {
        return bytes.slice(bytes.readerIndex() + headerLength, bytes.readableBytes() - headerLength);
    }

    /** The payload as one server-sent event, encoded once for all who want it; borrowed, as {@link #bytes}. Any thread. */
    ByteBuf event() {
        ByteBuf made = event.get();
        if (made != null) {
            return made;
        }
        ByteBuf ours = EventStream.event(payload(), bytes.alloc()).asReadOnly();
        if (event.compareAndSet(null, ours)) {
            return ours;
        }
        ours.release();
        return Objects.requireNonNull(event.get());
    }

    @Override
    public int size() {
        return bytes.readableBytes();
    }

    /**
     * Counts its bytes for one who holds it and keeps it: once, however many keep it, until the last holder gives it back. Any thread.
     *
     * @return false when there is no room to spare for them
     */
    public boolean count(Budget budget) {
        return holders == null || holders.count(budget, size());
    }

    @Override
    public void retain() {
        if (holders != null) {
            holders.add();
        }
    }

    @Override
    public void release() {
        if (holders != null && holders.remove(size())) {
            bytes.release();
            ByteBuf made = event.get();
            if (made != null) {
                made.release();
            }
        }
    }

    /** For tests: who holds the frame or one of its buffers. */
    int references() {
        ByteBuf made = event.get();
        int onTheWire = bytes.refCnt() - 1 + (made == null ? 0 : made.refCnt() - 1);
        return onTheWire + (holders == null ? 1 : holders.number());
    }
}
