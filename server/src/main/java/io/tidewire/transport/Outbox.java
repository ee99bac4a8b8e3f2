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
    private final int maxUnsentBytes;
    private final Budget budget;

    /** Null for frames as they are. */
    private final @Nullable Form form;

    private final Runnable onOverflow;

    /** Only while the socket is behind is there one. */
    private @Nullable Backlog waiting;

    /** The place in {@link Batches} where something was queued in this pass, and the number of that pass. */
    private int place;

    private long passOfPlace;

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
        this.form = form;
        this.maxUnsentBytes = maxUnsentBytes;
        this.budget = budget;
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
        if (waiting == null && hasRoomFor(frame)) {
            send(frame);
        } else {
            hold(frame);
        }
    }

    private void hold(EncodedFrame frame) {
        if (waiting == null) {
            waiting = new Backlog(maxUnsentBytes, budget);
        }
        if (!waiting.add(frame, inFlight())) {
            state = State.OVERFLOWED;
            drop();
            channel.eventLoop().execute(onOverflow);
        }
    }

    /** Sends bytes of the transport itself, ahead of what waits here. The caller bounds how many. */
    ChannelFuture control(ByteBuf bytes) {
        Batches batches = flusher.batches();
        if (hasPlace(batches)) {
            batches.write(batches.take(place), 0, channel);
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
        if (waiting == null) {
            sendLast();
        }
    }

    /** Forgets what waits, because nobody will read it; the end is then written at once. */
    void drop() {
        Backlog dropped = waiting;
        if (dropped != null) {
            waiting = null;
            dropped.drop();
        }
        sendLast();
    }

    /** The channel is gone. */
    void discard() {
        state = State.FINISHED;
        last = null;
        Batches batches = flusher.batches();
        if (hasPlace(batches)) {
            var _ = batches.take(place);
        }
        drop();
    }

    /** The channel became writable: hands it what waits, up to the high water mark. */
    void drain() {
        while (waiting != null && channel.isWritable()) {
            EncodedFrame frame = waiting.poll();
            if (waiting.isEmpty()) {
                waiting = null;
            }
            if (frame == null) {
                break;
            }
            send(frame);
            frame.release();
        }
        if (waiting == null) {
            sendLast();
        }
    }

    /** For the {@link Flusher}. */
    @Override
    public void flush() {
        dirty = false;
        channel.flush();
        socket = directSocket();
    }

    /**
     * For {@link Batches}: the socket did not take all.
     *
     * @param taken the bytes that it took
     */
    void unsent(Batch batch, int taken) {
        socket = null;
        flusher.batches().write(batch, taken, channel);
        channel.flush();
    }

    /** For {@link Batches}: nobody knows how much of a frame the client has, so it can get no other. */
    void fail() {
        socket = null;
        var _ = channel.close();
    }

    boolean overflowed() {
        return state == State.OVERFLOWED;
    }

    long lastWrite() {
        return lastWrite;
    }

    private boolean hasPlace(Batches batches) {
        return batches.isGood(passOfPlace, place);
    }

    /** A long burst fills batch or buffer before anything was tried on the socket: try before deciding. */
    private boolean hasRoomFor(EncodedFrame frame) {
        Socket direct = socket;
        if (direct != null) {
            Batches batches = flusher.batches();
            if (!hasPlace(batches) || fits(frame, batches.at(place)) || sendNow(batches, direct)) {
                return true;
            }
        }
        if (!channel.isWritable() && dirty) {
            channel.flush();
        }
        return channel.isWritable();
    }

    private boolean fits(EncodedFrame frame, Batch batch) {
        int bytes = batch.bytes() + frame.size() + (batch.frames() + 1) * ENTRY_BYTES;
        return bytes <= Math.min(Batches.MAX_BYTES, maxUnsentBytes) || batch.frames() == 0;
    }

    private boolean sendNow(Batches batches, Socket direct) {
        return batches.send(batches.take(place), direct, this);
    }

    /** The void promise is one per channel: a write that fails closes the channel, so nobody needs to hear of it here. */
    private void send(EncodedFrame frame) {
        Socket direct = socket;
        if (direct == null) {
            Object bytes = form == null ? frame.bytes().retainedDuplicate() : form.of(frame);
            var _ = channel.write(bytes, channel.voidPromise());
            markDirty();
            return;
        }
        Batches batches = flusher.batches();
        if (!hasPlace(batches)) {
            place = batches.place(this, direct);
            passOfPlace = batches.pass();
            flusher.willSend();
        }
        batches.add(place, frame);
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
