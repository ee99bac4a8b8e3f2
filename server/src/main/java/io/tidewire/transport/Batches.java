package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one event loop get in this pass. Thousands usually get the same, so it is kept once: a frame is retained once for
 * all of them, several frames are joined once to go out in one system call, and a client's own part is a reference to its {@link Batch}.
 * Event loop only.
 */
final class Batches {
    /** Of a batch of more than one frame. Enough for any one system call. */
    static final int MAX_BYTES = 64 * 1024;

    private final Batch none = new Batch();
    private final List<EncodedFrame> held = new ArrayList<>();
    private final List<EncodedFrame> unsent = new ArrayList<>();

    /** The bytes of {@link #joinedBatch}; made by the first who needs it and kept as long as the loop. */
    private @Nullable ByteBuf joined;

    private @Nullable Batch joinedBatch;

    /** The batch without frames. */
    Batch none() {
        return none;
    }

    /** The batch with one more frame, which is borrowed. */
    Batch add(Batch batch, EncodedFrame frame) {
        Batch known = batch.with(frame);
        if (known != null) {
            return known;
        }
        frame.retain();
        held.add(frame);
        return batch.makeWith(frame);
    }

    /**
     * Writes the batch to a socket that has nothing queued.
     *
     * @return the bytes that the socket took, perhaps none
     * @throws IOException when the connection is lost
     */
    int send(Batch batch, Socket socket) throws IOException {
        if (batch == none) {
            return 0;
        }
        ByteBuf bytes = batch.frames() == 1 ? batch.last().bytes() : joined(batch);
        return bytes.hasMemoryAddress()
                ? socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex())
                : 0; // a frame in pieces, which a channel knows how to write
    }

    private ByteBuf joined(Batch batch) {
        ByteBuf to = joined;
        if (to == null) {
            // Not from the pool, which would want it back.
            to = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(MAX_BYTES));
            joined = to;
        }
        if (batch != joinedBatch) {
            to.setIndex(0, batch.bytes());
            for (Batch each = batch; each != none; each = each.before()) {
                EncodedFrame frame = each.last();
                to.setBytes(each.before().bytes(), frame.bytes(), frame.bytes().readerIndex(), frame.size());
            }
            joinedBatch = batch;
        }
        return to;
    }

    /**
     * Hands what the socket did not take to the channel, which is to be flushed.
     *
     * @param sent the bytes that it took
     */
    void write(Batch batch, int sent, Channel channel) {
        int start = batch.bytes();
        for (Batch each = batch; each != none && each.bytes() > sent; each = each.before()) {
            unsent.add(each.last());
            start = each.before().bytes();
        }
        for (int i = unsent.size() - 1; i >= 0; i--) {
            EncodedFrame frame = unsent.get(i);
            int taken = Math.max(0, sent - start);
            // The slice gives a receiver indexes of its own; the bytes stay shared and are read where they are.
            ByteBuf rest = frame.bytes().retainedSlice(frame.bytes().readerIndex() + taken, frame.size() - taken);
            var _ = channel.write(rest, channel.voidPromise());
            start += frame.size();
        }
        unsent.clear();
    }

    /** The pass has ended, and nobody refers to a batch any more. */
    void clear() {
        none.clear();
        joinedBatch = null;
        for (int i = 0; i < held.size(); i++) {
            held.get(i).release();
        }
        held.clear();
    }
}
