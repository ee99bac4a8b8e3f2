package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.tidewire.http.Budget;
import org.jspecify.annotations.Nullable;

/**
 * What one client has still to be sent, bounded. Event loop only.
 *
 * <p>While the socket keeps up, a frame goes straight into Netty's outbound buffer and is flushed at the end of the pass.
 * Once that buffer passes its high water mark, frames wait here, so that dropping them and putting a close frame in their
 * place stays possible: what is in Netty's buffer cannot be taken back. An idle client holds neither queue nor buffer.
 *
 * <p>The bound counts both queues. A frame that meets a writable socket always goes out, however large, so a client holds
 * at most the bound plus one frame. What waits here is also taken from the node's budget; a client that meets the end of
 * that is as slow as one that passes its own bound.
 */
final class Outbox implements Flusher.Pending {
    /** Above this Netty's buffer takes no more. Enough for any one system call. */
    private static final int HIGH_WATER = 64 * 1024;

    /** A frame as the channel takes it, with a reference of its own. */
    interface Form {
        Object of(EncodedFrame frame);
    }

    private enum State {
        OPEN,
        /** Nothing more is taken; the last bytes are queued or sent. */
        FINISHED,
        /** The bound was passed; nothing more is taken but the last bytes. */
        OVERFLOWED
    }

    private final Channel channel;
    private final Flusher flusher;
    private final Form form;
    private final Runnable onOverflow;

    /** Only while the socket is behind is there anything in it. */
    private final Backlog waiting;

    private State state = State.OPEN;
    private boolean dirty;
    private long lastWrite;
    private @Nullable Runnable last;

    /**
     * @param form how this transport writes a frame
     * @param maxUnsentBytes the bound
     * @param budget that of the node
     * @param onOverflow told once, in a task of its own, never from within {@link #write}
     */
    Outbox(Channel channel, Flusher flusher, Form form, int maxUnsentBytes, Budget budget, Runnable onOverflow) {
        this.channel = channel;
        this.flusher = flusher;
        this.form = form;
        this.waiting = new Backlog(maxUnsentBytes, budget);
        this.onOverflow = onOverflow;
        this.lastWrite = flusher.now();
    }

    /** The water marks this class counts on; set them on the channel. */
    static WriteBufferWaterMark waterMark(int maxUnsentBytes) {
        int high = Math.min(HIGH_WATER, maxUnsentBytes);
        return new WriteBufferWaterMark(high / 2, high);
    }

    /** Queues a frame behind all others; borrowed. Does nothing once finished or overflowed. */
    void write(EncodedFrame frame) {
        if (state != State.OPEN) {
            return;
        }
        lastWrite = flusher.now();
        if (waiting.isEmpty() && isWritable()) {
            send(frame);
        } else if (!waiting.add(frame, inFlight())) {
            state = State.OVERFLOWED;
            drop();
            channel.eventLoop().execute(onOverflow);
        }
    }

    /** Sends bytes of the transport itself, ahead of what waits here. The caller bounds how many. */
    ChannelFuture control(ByteBuf bytes) {
        ChannelFuture sent = channel.write(bytes);
        markDirty();
        return sent;
    }

    /**
     * Takes no more frames and does this, which writes the transport's own end, behind what waits; after an overflow at once. Not at all
     * when the channel goes first. First call only.
     */
    void finish(Runnable writeEnd) {
        state = State.FINISHED;
        last = writeEnd;
        if (waiting.isEmpty()) {
            sendLast();
        }
    }

    /** Forgets what waits, because nobody will read it; the end is then written at once. */
    void drop() {
        waiting.drop();
        sendLast();
    }

    /** The channel is gone. */
    void discard() {
        state = State.FINISHED;
        last = null;
        drop();
    }

    /** The channel became writable: hands it what waits, up to the high water mark. */
    void drain() {
        while (channel.isWritable()) {
            EncodedFrame frame = waiting.poll();
            if (frame == null) {
                break;
            }
            send(frame);
            frame.release();
        }
        if (waiting.isEmpty()) {
            sendLast();
        }
    }

    /** For the {@link Flusher}. */
    @Override
    public void flush() {
        dirty = false;
        channel.flush();
    }

    boolean overflowed() {
        return state == State.OVERFLOWED;
    }

    long lastWrite() {
        return lastWrite;
    }

    /** A long burst fills Netty's buffer before anything was tried on the socket: try before deciding. */
    private boolean isWritable() {
        if (!channel.isWritable() && dirty) {
            channel.flush();
        }
        return channel.isWritable();
    }

    /**
     * The void promise is one per channel: a write that fails closes the channel, so nobody needs to hear of it here.
     */
    private void send(EncodedFrame frame) {
        var _ = channel.write(form.of(frame), channel.voidPromise());
        markDirty();
    }

    private void sendLast() {
        Runnable writeEnd = last;
        if (writeEnd != null) {
            last = null;
            writeEnd.run();
        }
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            flusher.add(this);
        }
    }

    /** Netty counts some bytes for each entry besides its content, which is what it costs. */
    private long inFlight() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
