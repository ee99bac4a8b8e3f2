package io.tidewire.webpubsub.client;

import io.tidewire.http.Budget;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.transport.Wire;
import io.tidewire.webpubsub.protocol.SequencedFrame;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a reliable client that it has not acknowledged: numbered from 1, kept, and sent again over the WebSocket with which it
 * comes back (reference D.5). Bounded in messages and bytes, and by what this node may hold for all. Confined to the client's loop.
 *
 * <p>A client that comes back is sent only so much ahead of its acknowledgements, because all at once could be more than a
 * WebSocket takes. What comes meanwhile waits behind.
 */
final class Unacked {
    /** Counted for each message besides its bytes, which others may share, so that tiny ones are bounded as well. */
    private static final int ENTRY_BYTES = 64;

    private record Entry(long number, SequencedFrame frame, long diesAt) {
        int cost() {
            return frame.size() + ENTRY_BYTES;
        }

        boolean isDead(long now) {
            return frame.ttlSeconds() > 0 && now - diesAt >= 0;
        }
    }

    private final ReliableSettings settings;
    private final Budget budget;
    private final int maxAhead;

    /** Shared by all who have none; never changed. */
    private static final ArrayDeque<Entry> NONE = new ArrayDeque<>(0);

    /** Handed to the WebSocket that is there now, oldest first. */
    private ArrayDeque<Entry> written = NONE;

    /** Not yet, and all newer than those. */
    private ArrayDeque<Entry> waiting = NONE;

    private long bytes;
    private long writtenBytes;
    private long last;
    private long acknowledged;

    /** Whether there is a WebSocket. */
    private boolean away;

    /**
     * Of nothing yet.
     *
     * @param budget bounds what is kept for all clients
     * @param maxAhead bytes that a client which catches up is sent before it has acknowledged others
     */
    Unacked(ReliableSettings settings, Budget budget, int maxAhead) {
        this.settings = settings;
        this.budget = budget;
        this.maxAhead = maxAhead;
    }

    /**
     * Numbers a message, keeps it, and writes it where it is its turn; borrowed.
     *
     * @return why the client has to go, because there is no room; null when there is
     */
    @Nullable
    Closing send(SequencedFrame frame, Wire wire) {
        long now = System.nanoTime();
        var entry = new Entry(last + 1, frame, now + TimeUnit.SECONDS.toNanos(frame.ttlSeconds()));
        if (excess(entry) != null) {
            forgetDead(now);
        }
        Closing excess = excess(entry);
        if (excess != null) {
            return excess;
        }
        if (!frame.count(budget) || !budget.takeSpare(ENTRY_BYTES)) {
            return Closing.NO_ROOM;
        }
        last++;
        bytes += entry.cost();
        frame.retain();
        if (!away && waiting.isEmpty()) {
            write(entry, wire);
        } else {
            waiting().add(entry);
        }
        return null;
    }

    private @Nullable Closing excess(Entry entry) {
        if (written.size() + waiting.size() >= settings.maxMessages()) {
            return Closing.TOO_MANY_UNACKNOWLEDGED;
        }
        return bytes + entry.cost() > settings.maxBytes() ? Closing.TOO_MUCH_UNACKNOWLEDGED : null;
    }

    /** Whether it is the number of a message. Another one is left from a connection before this one, and says nothing. */
    boolean isGiven(long number) {
        return Long.compareUnsigned(number, last) <= 0;
    }

    /**
     * The client has all up to this one.
     *
     * @param number given
     * @return whether that is news
     */
    boolean acknowledge(long number, Wire wire) {
        if (number <= acknowledged) {
            return false;
        }
        acknowledged = number;
        while (!written.isEmpty() && written.getFirst().number <= number) {
            forget(written.removeFirst(), true);
        }
        while (!waiting.isEmpty() && waiting.getFirst().number <= number) {
            forget(waiting.removeFirst(), false);
        }
        catchUp(wire);
        dropEmpty();
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // this very one, not one that is as empty
    private ArrayDeque<Entry> waiting() {
        if (waiting == NONE) {
            waiting = new ArrayDeque<>(4);
        }
        return waiting;
    }

    /** A queue keeps the room that a burst once took: a client that has acknowledged all holds none. */
    private void dropEmpty() {
        if (written.isEmpty()) {
            written = NONE;
        }
        if (waiting.isEmpty()) {
            waiting = NONE;
        }
    }

    /** The WebSocket is lost. */
    void pause() {
        away = true;
    }

    /** The client is back, over this WebSocket. */
    void goOn(Wire wire) {
        away = false;
        while (!written.isEmpty()) {
            waiting().addFirst(written.removeLast());
        }
        writtenBytes = 0;
        forgetDead(System.nanoTime());
        catchUp(wire);
    }

    private void catchUp(Wire wire) {
        while (!away
                && !waiting.isEmpty()
                && (written.isEmpty() || writtenBytes + waiting.getFirst().cost() <= maxAhead)) {
            write(waiting.removeFirst(), wire);
        }
    }

    @SuppressWarnings("ReferenceEquality") // as above
    private void write(Entry entry, Wire wire) {
        if (written == NONE) {
            written = new ArrayDeque<>(4);
        }
        written.add(entry);
        writtenBytes += entry.cost();
        EncodedFrame numbered = entry.frame.numbered(entry.number);
        wire.write(numbered);
        numbered.release();
    }

    /** Messages that nobody wants any more. Those that were written stay: they may be on their way. */
    private void forgetDead(long now) {
        waiting.removeIf(entry -> {
            boolean dead = entry.isDead(now);
            if (dead) {
                forget(entry, false);
            }
            return dead;
        });
    }

    private void forget(Entry entry, boolean wasWritten) {
        bytes -= entry.cost();
        if (wasWritten) {
            writtenBytes -= entry.cost();
        }
        budget.give(ENTRY_BYTES);
        entry.frame.release();
    }

    /** Gives everything back: the connection has ended. */
    void release() {
        while (!written.isEmpty()) {
            forget(written.removeFirst(), true);
        }
        while (!waiting.isEmpty()) {
            forget(waiting.removeFirst(), false);
        }
    }
}
