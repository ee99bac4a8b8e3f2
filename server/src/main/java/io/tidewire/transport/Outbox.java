package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.tidewire.http.Budget;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one client has still to be sent, bounded. Event loop only.
 *
 * <p>While the socket keeps up, frames are queued in a {@link Batch}, which goes out at the end of the pass, usually straight to the
 * socket: the way through the channel costs more than all else that is done for one receiver. The channel gets what the socket does not
 * take, or everything where something stands between it and the socket (TLS) or where it has bytes of its own to write first. Once its buffer
 * passes the high water mark, frames wait here, so that dropping them and putting a close frame in their place stays
 * possible: what is in Netty's buffer cannot be taken back. An idle client holds neither queue nor buffer.
 *
 * <p>The bound counts all queues. A frame that meets a writable socket always goes out, however large, so a client holds
 * at most the bound plus one frame. What waits here is also taken from the node's budget; a client that meets the end of
 * that is as slow as one that passes its own bound.
 */
final class Outbox implements Flusher.Pending {
    /** Counted for each frame in a batch besides its bytes, as Netty does, so that tiny frames are bounded as well. */
    private static final int ENTRY_BYTES = 96;

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
    private final Batches batches;

    /** Null for frames as they are. */
    private final @Nullable Form form;

    private final Runnable onOverflow;

    /** Only while the socket is behind is there anything in it. */
    private final Backlog waiting;

    /** What was queued in this pass, and is not in the channel's buffer yet. */
    private Batch batch;

    /**
     * For writing past the channel; null while that has something to write, which goes first, and where its bytes are not those of the
     * socket.
     */
    private @Nullable Socket socket;

    private State state = State.OPEN;
    private boolean dirty;
    private long lastWrite;
    private @Nullable Runnable last;

    /**
     * @param form how this transport writes a frame; null for its bytes as they are
     * @param maxUnsentBytes the bound
     * @param budget that of the node
     * @param onOverflow told once, in a task of its own, never from within {@link #write}
     */
    Outbox(
            Channel channel,
            Flusher flusher,
            @Nullable Form form,
            int maxUnsentBytes,
            Budget budget,
            Runnable onOverflow) {
        this.channel = channel;
        this.flusher = flusher;
        this.batches = flusher.batches();
        this.batch = batches.none();
        this.form = form;
        this.waiting = new Backlog(maxUnsentBytes, budget);
        this.onOverflow = onOverflow;
        this.lastWrite = flusher.now();
    }

    /** The water marks this class counts on; set them on the channel. */
    static WriteBufferWaterMark waterMark(int maxUnsentBytes) {
        int high = Math.min(Batches.MAX_BYTES, maxUnsentBytes);
        return new WriteBufferWaterMark(high / 2, high);
    }

    /** Queues a frame behind all others; borrowed. Does nothing once finished or overflowed. */
    void write(EncodedFrame frame) {
        if (state != State.OPEN) {
            return;
        }
        lastWrite = flusher.now();
        if (waiting.isEmpty() && hasRoomFor(frame)) {
            send(frame);
        } else if (!waiting.add(frame, inFlight())) {
            state = State.OVERFLOWED;
            drop();
            channel.eventLoop().execute(onOverflow);
        }
    }

    /** Sends bytes of the transport itself, ahead of what waits here. The caller bounds how many. */
    ChannelFuture control(ByteBuf bytes) {
        if (batch.frames() > 0) {
            batches.write(batch, 0, channel);
            batch = batches.none();
        }
        socket = null;
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
        batch = batches.none();
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
        Socket direct = socket;
        if (direct != null) {
            var _ = sendBatch(direct);
        } else {
            channel.flush();
            socket = directSocket();
        }
    }

    boolean overflowed() {
        return state == State.OVERFLOWED;
    }

    long lastWrite() {
        return lastWrite;
    }

    /** A long burst fills batch or buffer before anything was tried on the socket: try before deciding. */
    private boolean hasRoomFor(EncodedFrame frame) {
        Socket direct = socket;
        if (direct != null && (batch.frames() == 0 || fits(frame) || sendBatch(direct))) {
            return true;
        }
        if (!channel.isWritable() && dirty) {
            channel.flush();
        }
        return channel.isWritable();
    }

    private boolean fits(EncodedFrame frame) {
        int bytes = batch.bytes() + frame.size() + (batch.frames() + 1) * ENTRY_BYTES;
        return bytes <= Math.min(Batches.MAX_BYTES, waiting.maxBytes());
    }

    /** The void promise is one per channel: a write that fails closes the channel, so nobody needs to hear of it here. */
    private void send(EncodedFrame frame) {
        if (socket != null) {
            batch = batches.add(batch, frame);
        } else {
            Object bytes = form == null ? frame.bytes().retainedDuplicate() : form.of(frame);
            var _ = channel.write(bytes, channel.voidPromise());
        }
        markDirty();
    }

    /** Returns whether the socket took all of it; otherwise the channel has the rest. */
    private boolean sendBatch(Socket direct) {
        Batch all = batch;
        batch = batches.none();
        int sent = 0;
        // Once a socket is closed, its descriptor may be that of another client.
        if (direct.isOpen()) {
            try {
                sent = batches.send(all, direct);
            } catch (IOException lost) {
                // The channel is about to find out, and knows what to do about it.
                sent = 0;
            }
        }
        if (sent == all.bytes()) {
            return true;
        }
        socket = null;
        batches.write(all, sent, channel);
        channel.flush();
        return false;
    }

    /** For writing past the channel, where that changes nothing but the cost. */
    private @Nullable Socket directSocket() {
        if (form != null || !(channel instanceof EpollSocketChannel epoll) || inFlight() > 0) {
            return null;
        }
        for (Map.Entry<String, ChannelHandler> each : channel.pipeline()) {
            if (each.getValue() instanceof ChannelOutboundHandler) {
                return null; // wants to see what is written: TLS
            }
        }
        return epoll.fd() instanceof Socket found ? found : null;
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
