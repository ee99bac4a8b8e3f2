package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.tidewire.http.Budget;
import java.util.ArrayDeque;
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
 * that is as slow as one that passes its own bound. A frame shared by many counts for each, as if it were not shared.
 */
final class Outbox {
    /** Above this Netty's buffer takes no more. Enough for any one system call. */
    private static final int HIGH_WATER = 64 * 1024;

    /** Counted for each waiting frame besides its bytes, so that tiny frames are bounded as well. */
    private static final int ENTRY_BYTES = 16;

    private enum State {
        OPEN,
        /** Nothing more is taken; the last bytes are queued or sent. */
        FINISHED,
        /** The bound was passed; nothing more is taken but the last bytes. */
        OVERFLOWED
    }

    private final Channel channel;
    private final Flusher flusher;
    private final int maxUnsentBytes;
    private final Budget budget;
    private final Runnable onOverflow;

    private State state = State.OPEN;
    private boolean dirty;
    private long lastWrite;
    private long waitingBytes;

    /** Only while the socket is behind. */
    private @Nullable ArrayDeque<EncodedFrame> waiting;

    private @Nullable Last last;

    /** The bytes that end the stream, and whom to tell that they are sent. */
    private record Last(ByteBuf bytes, ChannelFutureListener sent) {}

    /**
     * @param maxUnsentBytes the bound
     * @param budget that of the node
     * @param onOverflow told once, in a task of its own, never from within {@link #write}
     */
    Outbox(Channel channel, Flusher flusher, int maxUnsentBytes, Budget budget, Runnable onOverflow) {
        this.channel = channel;
        this.flusher = flusher;
        this.maxUnsentBytes = maxUnsentBytes;
        this.budget = budget;
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
        if (waiting == null && isWritable()) {
            send(frame);
        } else if (unsentBytes() + frame.size() > maxUnsentBytes || !budget.take(cost(frame))) {
            state = State.OVERFLOWED;
            drop();
            channel.eventLoop().execute(onOverflow);
        } else {
            hold(frame);
        }
    }

    /** Sends bytes of the transport itself, ahead of what waits. The caller bounds how many. */
    ChannelFuture control(ByteBuf bytes) {
        ChannelFuture sent = channel.write(bytes);
        markDirty();
        return sent;
    }

    /** Takes no more frames and ends with these bytes, behind what waits; after an overflow at once. First call only. */
    void finish(ByteBuf bytes, ChannelFutureListener sent) {
        state = State.FINISHED;
        last = new Last(bytes, sent);
        if (waiting == null) {
            sendLast();
        }
    }

    /** Forgets what waits, because nobody will read it; the last bytes then go out at once. */
    void drop() {
        ArrayDeque<EncodedFrame> dropped = waiting;
        waiting = null;
        budget.give(waitingBytes);
        waitingBytes = 0;
        if (dropped != null) {
            dropped.forEach(EncodedFrame::release);
        }
        sendLast();
    }

    /** The channel is gone. */
    void discard() {
        state = State.FINISHED;
        if (last != null) {
            last.bytes.release();
            last = null;
        }
        drop();
    }

    /** The channel became writable: hands it what waits, up to the high water mark. */
    void drain() {
        ArrayDeque<EncodedFrame> queue = waiting;
        while (queue != null && channel.isWritable()) {
            EncodedFrame frame = queue.poll();
            if (frame == null) {
                waiting = null;
                sendLast();
                return;
            }
            waitingBytes -= cost(frame);
            budget.give(cost(frame));
            send(frame);
            frame.release();
        }
    }

    /** For the {@link Flusher}. */
    void flush() {
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
     * The duplicate gives this receiver indexes of its own; the bytes stay shared and are read where they are. The void
     * promise is one per channel: a write that fails closes the channel, so nobody needs to hear of it here.
     */
    private void send(EncodedFrame frame) {
        var _ = channel.write(frame.bytes().retainedDuplicate(), channel.voidPromise());
        markDirty();
    }

    /** After its bytes were taken. */
    private void hold(EncodedFrame frame) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        frame.retain();
        waiting.add(frame);
        waitingBytes += cost(frame);
    }

    private static int cost(EncodedFrame frame) {
        return frame.size() + ENTRY_BYTES;
    }

    private void sendLast() {
        Last sending = last;
        if (sending != null) {
            last = null;
            control(sending.bytes).addListener(sending.sent);
        }
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            flusher.add(this);
        }
    }

    /** Netty counts some bytes for each entry besides its content, which is what it costs. */
    private long unsentBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return waitingBytes + (buffer == null ? 0 : buffer.totalPendingWriteBytes());
    }
}
