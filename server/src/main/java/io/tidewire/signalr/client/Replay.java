package io.tidewire.signalr.client;

import io.tidewire.http.Budget;
import io.tidewire.hub.Disconnect;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.protocol.ClientMessage;
import io.tidewire.signalr.protocol.HubProtocol;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.Wire;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What lets one client go on over a new WebSocket with nothing lost and nothing twice (reference D.7). Both sides number what
 * they send from 1, without writing the numbers down, and keep it until the other one acknowledges it. On a new WebSocket each
 * first says which number comes next, with {@code Sequence}, and then sends again what it has kept. Confined to the client's
 * loop.
 *
 * <p>What is kept is bounded. A client that is there loses nothing by that: the oldest messages, which were handed to its
 * WebSocket, are forgotten, and if it should lose just those, it sees the gap in the numbers and ends the connection itself.
 * For a client that is away there is nothing to forget that it may have had, so {@link #keep} says no. The same holds when all clients
 * together make this node keep as much as it may.
 */
final class Replay {
    /** Counted for each message besides its bytes, so that tiny ones are bounded as well. */
    private static final int ENTRY_BYTES = 16;

    private final HubProtocol protocol;
    private final int maxBytes;
    private final Budget budget;

    /** The newest messages, oldest first; each holds a reference. */
    private final ArrayDeque<EncodedFrame> kept = new ArrayDeque<>();

    private long keptBytes;

    /** The number of the newest message to the client. */
    private long sent;

    /** The number of the newest message from the client. */
    private long received;

    /** The number that its next message has: lower than {@code received} while it sends again. */
    private long next = 1;

    /** What the client was last told of {@code received}. */
    private long acknowledged;

    /** The client is back, and has not said yet where it goes on: what comes before that is not counted. */
    private boolean awaitingSequence;

    /** WebSockets that were accepted after the first one; any thread. */
    private final AtomicInteger arrivals = new AtomicInteger();

    /** Which of them speaks for the client. */
    private int arrived;

    /** Why the client is away; null while it is there. */
    private @Nullable Disconnect away;

    private long awaySince;

    /**
     * Of nothing yet.
     *
     * @param maxBytes kept for the client; one message may exceed it
     * @param budget bounds what is kept for all clients
     */
    Replay(HubProtocol protocol, int maxBytes, Budget budget) {
        this.protocol = protocol;
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /**
     * Numbers a message to the client and keeps it; borrowed.
     *
     * @return false when the client is away and there is no room: it can not be told all that it misses
     */
    boolean keep(EncodedFrame frame) {
        if (away != null && !kept.isEmpty() && keptBytes + cost(frame) > maxBytes) {
            return false;
        }
        boolean room = frame.count(budget);
        if (!room && away != null) {
            return false;
        }
        sent++;
        if (!room) {
            release();
            return true;
        }
        frame.retain();
        kept.add(frame);
        keptBytes += cost(frame);
        while (keptBytes > maxBytes && kept.size() > 1) {
            forgetOldest();
        }
        return true;
    }

    /**
     * Looks at a message of the client first.
     *
     * @return whether it is new, and for somebody else than this class
     * @throws ProtocolViolation when the numbers cannot be true
     */
    boolean takes(ClientMessage message) {
        if (message instanceof ClientMessage.Sequence sequence) {
            goOnFrom(sequence.sequenceId());
            return false;
        }
        if (awaitingSequence) {
            return false;
        }
        return switch (message) {
            case ClientMessage.Invocation _,
                    ClientMessage.StreamItem _,
                    ClientMessage.Completion _,
                    ClientMessage.StreamInvocation _,
                    ClientMessage.CancelInvocation _ -> isNew();
            case ClientMessage.Ack ack -> {
                forgetUpTo(ack.sequenceId());
                yield false;
            }
            case ClientMessage.Ping _, ClientMessage.Close _, ClientMessage.Unknown _ -> true;
            case ClientMessage.Sequence _ -> false;
        };
    }

    private boolean isNew() {
        long number = next++;
        if (number <= received) {
            return false;
        }
        received = number;
        return true;
    }

    private void goOnFrom(long number) {
        if (number < 1 || number > received + 1) {
            throw new ProtocolViolation("Sequence " + number + " after " + received + " messages");
        }
        next = number;
        awaitingSequence = false;
    }

    private void forgetUpTo(long number) {
        if (number > sent) {
            throw new ProtocolViolation("Ack " + number + " after " + sent + " messages");
        }
        while (!kept.isEmpty() && oldest() <= number) {
            forgetOldest();
        }
    }

    /** The acknowledgement that is due, which the caller owns; null when the client knows everything. */
    @Nullable
    EncodedFrame acknowledgement() {
        if (acknowledged == received || awaitingSequence) {
            return null;
        }
        acknowledged = received;
        return protocol.ack(received);
    }

    /** The client's WebSocket broke. The first reason stays. */
    void lost(Disconnect why) {
        if (away == null) {
            away = why;
            awaySince = System.nanoTime();
        }
    }

    /** Why the client is away; null when it is there. */
    @Nullable
    Disconnect away() {
        return away;
    }

    /** How long the client has been away, as a pause of this process does not count. */
    long nanosAway(long now, long resumed) {
        return Math.min(now - awaySince, now - resumed);
    }

    /** The place of one more WebSocket among those of this client: the loops may hand them over in another order. Any thread. */
    int nextArrival() {
        return arrivals.incrementAndGet();
    }

    /** The place of the WebSocket that speaks for the client. */
    int arrived() {
        return arrived;
    }

    /** The client is back: tells it where this side goes on, and sends again what it may have missed. */
    void goOn(Wire wire, int arrival) {
        arrived = arrival;
        away = null;
        awaitingSequence = true;
        acknowledged = 0; // the last acknowledgement may have been lost
        EncodedFrame sequence = protocol.sequence(oldest());
        wire.write(sequence);
        sequence.release();
        kept.forEach(wire::write);
    }

    /** The number of the oldest message that is kept, or of the next one when there is none. */
    private long oldest() {
        return sent - kept.size() + 1;
    }

    private void forgetOldest() {
        EncodedFrame frame = kept.remove();
        keptBytes -= cost(frame);
        frame.release();
    }

    /** Gives back what is kept: the connection has ended, or others need the room. */
    void release() {
        while (!kept.isEmpty()) {
            forgetOldest();
        }
    }

    private static int cost(EncodedFrame frame) {
        return frame.size() + ENTRY_BYTES;
    }
}
