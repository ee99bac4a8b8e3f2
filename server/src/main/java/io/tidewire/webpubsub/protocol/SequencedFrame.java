package io.tidewire.webpubsub.protocol;

import io.netty.buffer.ByteBuf;
import io.tidewire.http.Budget;
import io.tidewire.hub.Frame;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.Holders;

/**
 * A message of a reliable protocol before it has its number: everything but that is encoded once and shared by all receivers,
 * and {@link #numbered} puts the number of one of them in.
 */
public abstract class SequencedFrame implements Frame {
    /**
     * Bytes up to which a numbered frame is a copy. Not to copy takes three buffers around the shared one, which costs as much as
     * copying 8 KiB (about 0.4 microseconds; 4 KiB take 0.15). Below that the bound is what each of many clients may keep of its own of
     * each message that it has not acknowledged.
     */
    static final int COPIED = 4 * 1024;

    /** More than any of our protocols has before and after the shared bytes. */
    private static final int EDGES = 64;

    private final Holders holders = new Holders();
    private final ByteBuf body;
    private final boolean binary;
    private final int ttlSeconds;

    /** Takes the buffer over. */
    protected SequencedFrame(ByteBuf body, boolean binary, int ttlSeconds) {
        this.body = body.asReadOnly();
        this.binary = binary;
        this.ttlSeconds = ttlSeconds;
    }

    /** How long it is kept for a client that is away; 0 for as long as anything is. */
    public final int ttlSeconds() {
        return ttlSeconds;
    }

    /** The whole frame for one receiver; the caller owns it. Any thread. */
    public final EncodedFrame numbered(long sequenceId) {
        int shared = size();
        boolean copied = shared <= COPIED;
        ByteBuf buffer = EncodedFrame.payloadBuffer(body.alloc(), EDGES + (copied ? shared : 0));
        writeHead(buffer, shared, sequenceId);
        int at = buffer.writerIndex();
        if (copied) {
            buffer.writeBytes(body, body.readerIndex(), shared);
        }
        writeTail(buffer, sequenceId);
        return copied ? EncodedFrame.seal(buffer, binary) : EncodedFrame.sealAround(buffer, at, body, binary);
    }

    /** What comes before the shared bytes, of which there are so many. */
    protected abstract void writeHead(ByteBuf out, int shared, long sequenceId);

    /** What comes after them. */
    protected abstract void writeTail(ByteBuf out, long sequenceId);

    @Override
    public final int size() {
        return body.readableBytes();
    }

    /**
     * Counts the shared bytes for one who holds the frame and keeps it: once, however many keep it, until the last holder gives it back.
     * Any thread.
     *
     * @return false when there is no room to spare for them
     */
    public final boolean count(Budget budget) {
        return holders.count(budget, size());
    }

    @Override
    public final void retain() {
        holders.add();
    }

    @Override
    public final void release() {
        if (holders.remove(size())) {
            body.release();
        }
    }
}
