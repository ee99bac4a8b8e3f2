package io.tidewire.webpubsub.client;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The ack ids of one client: what was done is not done again when the client repeats it (reference D.5). It repeats what it has no
 * answer to, for example after its WebSocket was lost. What failed may be tried again. Confined to the client's loop.
 */
final class Acks {
    /** Ids of what was done that are remembered. */
    static final int REMEMBERED = 1000;

    /** What became of an id so far. */
    enum State {
        NEW,
        /** Being done: its one ack will come. */
        PENDING,
        DONE
    }

    private final Set<Long> pending = new HashSet<>(4);
    private final LinkedHashSet<Long> done = new LinkedHashSet<>(4);

    /** Looks the id up; a new one is pending from now on. */
    State begin(long ackId) {
        if (done.contains(ackId)) {
            return State.DONE;
        }
        return pending.add(ackId) ? State.NEW : State.PENDING;
    }

    void succeeded(long ackId) {
        pending.remove(ackId);
        done.add(ackId);
        if (done.size() > REMEMBERED) {
            done.removeFirst();
        }
    }

    void failed(long ackId) {
        pending.remove(ackId);
    }
}
