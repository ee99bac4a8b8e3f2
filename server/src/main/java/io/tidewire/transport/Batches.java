package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one event loop get in this pass straight to their sockets. Thousands usually get the same, so it is kept once: a
 * frame is retained once for all of them, several frames are joined once to go out in one system call, and a client's own part is a
 * reference to its {@link Batch}. Event loop only.
 *
 * <p>Sockets and batches stand in rows here and not in the outboxes, which know their place: by the time of the system calls the outboxes
 * of thousands have left the processor's cache again, and nothing but the socket needs to be looked at.
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

    // One place for each outbox that queued something in this pass.
    private @Nullable Outbox[] outboxes = new Outbox[16];
    private @Nullable Socket[] sockets = new Socket[16];
    private Batch[] queued = new Batch[16];
    private int places;

    /** The places before this one have been sent. */
    private int sent;

    /** Never that of an outbox which has no place. */
    private long pass = 1;

    /** The number of this pass. */
    long pass() {
        return pass;
    }

    /** Whether a place of this pass still is to be sent. */
    boolean isGood(long passOfPlace, int place) {
        return passOfPlace == pass && place >= sent;
    }

    /** A place for what an outbox queues in this pass; it asks for one only. */
    int place(Outbox outbox, Socket socket) {
        if (places == outboxes.length) {
            // The row that is looked at grows last: when memory runs out in between, the next one tries again.
            queued = Arrays.copyOf(queued, places * 2);
            sockets = Arrays.copyOf(sockets, places * 2);
            outboxes = Arrays.copyOf(outboxes, places * 2);
        }
        outboxes[places] = outbox;
        sockets[places] = socket;
        queued[places] = none;
        return places++;
    }

    Batch at(int place) {
        return queued[place];
    }

    /** Queues a frame, which is borrowed. */
    void add(int place, EncodedFrame frame) {
        queued[place] = with(queued[place], frame);
    }

    /** Takes out what is queued there. */
    Batch take(int place) {
        Batch batch = queued[place];
        queued[place] = none;
        return batch;
    }

    /** The batch without frames. */
    Batch none() {
        return none;
    }

    /** The batch with one more frame, which is borrowed. */
    Batch with(Batch batch, EncodedFrame frame) {
        Batch known = batch.with(frame);
        if (known != null) {
            return known;
        }
        frame.retain();
        held.add(frame);
        return batch.makeWith(frame);
    }

    /** Sends what is queued and ends the pass. What a socket does not take is left to its outbox. */
    void send() {
        while (sent < places) {
            int place = sent++;
            Batch batch = queued[place];
            Socket socket = sockets[place];
            Outbox outbox = outboxes[place];
            if (batch == none || socket == null || outbox == null) {
                continue;
            }
            var _ = send(batch, socket, outbox);
        }
        Arrays.fill(outboxes, 0, places, null);
        Arrays.fill(sockets, 0, places, null);
        Arrays.fill(queued, 0, places, none);
        places = 0;
        sent = 0;
        pass++;
        none.clear();
        joinedBatch = null;
        for (int i = 0; i < held.size(); i++) {
            held.get(i).release();
        }
        held.clear();
    }

    /** Sends the batch to a socket that has nothing queued, and returns whether it took all. What it does not take is left to its outbox. */
    boolean send(Batch batch, Socket socket, Outbox outbox) {
        try {
            int taken = send(batch, socket);
            if (taken < batch.bytes()) {
                outbox.unsent(batch, taken);
            }
            return taken == batch.bytes();
        } catch (RuntimeException | OutOfMemoryError failure) {
            GuardedSession.report("A flush", failure); // one client's; the others still get theirs
            outbox.fail();
            return false;
        }
    }

    /**
     * Writes the batch to a socket that has nothing queued.
     *
     * @return the bytes that the socket took; none when the connection is lost
     */
    int send(Batch batch, Socket socket) {
        // Once a socket is closed, its descriptor may be that of another client.
        if (batch == none || !socket.isOpen()) {
            return 0;
        }
        ByteBuf bytes = batch.frames() == 1 ? batch.last().bytes() : joined(batch);
        if (!bytes.hasMemoryAddress()) {
            return 0; // a frame in pieces, which a channel knows how to write
        }
        try {
            return socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
        } catch (IOException lost) {
            return 0; // the channel is about to find out, and knows what to do about it
        }
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
     * @param taken the bytes that it took
     */
    void write(Batch batch, int taken, Channel channel) {
        unsent.clear(); // of a client whose turn failed
        int start = batch.bytes();
        for (Batch each = batch; each != none && each.bytes() > taken; each = each.before()) {
            unsent.add(each.last());
            start = each.before().bytes();
        }
        for (int i = unsent.size() - 1; i >= 0; i--) {
            EncodedFrame frame = unsent.get(i);
            int skip = Math.max(0, taken - start);
            // The slice gives a receiver indexes of its own; the bytes stay shared and are read where they are.
            ByteBuf rest = frame.bytes().retainedSlice(frame.bytes().readerIndex() + skip, frame.size() - skip);
            var _ = channel.write(rest, channel.voidPromise());
            start += frame.size();
        }
        unsent.clear();
    }
}
