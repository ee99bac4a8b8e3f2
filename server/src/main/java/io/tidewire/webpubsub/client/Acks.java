package io.tidewire.webpubsub.client;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The ack ids of one client: what was done is not done again when the client repeats it (reference D.5). It repeats what it has no
 * answer to, for example after its WebSocket was lost. What failed may be tried again. Confined to the client's loop.
 *
 * <p>Clients count, so what was done is kept as runs of consecutive ids: one run for most, and never more than there are ids.
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

    /** The runs in the order in which they were done, as a ring: the oldest at {@link #oldest}. */
    private long[] firsts = new long[2];

    private int[] lengths = new int[2];
    private int oldest;
    private int runs;

    /** Ids in all runs. */
    private int done;

    /** Looks the id up; a new one is pending from now on. */
    State begin(long ackId) {
        if (isDone(ackId)) {
            return State.DONE;
        }
        return pending.add(ackId) ? State.NEW : State.PENDING;
    }

    void succeeded(long ackId) {
        if (!pending.remove(ackId) && isDone(ackId)) {
            return;
        }
        if (runs > 0 && ackId == firsts[place(runs - 1)] + lengths[place(runs - 1)]) {
            lengths[place(runs - 1)]++;
        } else {
            add(ackId);
        }
        done++;
        if (done > REMEMBERED) {
            forgetOldest();
        }
    }

    void failed(long ackId) {
        pending.remove(ackId);
    }

    /** The latest run first: what is repeated was sent last. */
    private boolean isDone(long ackId) {
        for (int i = runs - 1; i >= 0; i--) {
            int at = place(i);
            // Unsigned, so that an id before the run is far behind it, and a run may go beyond the largest number.
            if (Long.compareUnsigned(ackId - firsts[at], lengths[at]) < 0) {
                return true;
            }
        }
        return false;
    }

    private void add(long first) {
        if (runs == firsts.length) {
            int places = Math.min(runs * 2, REMEMBERED + 1);
            long[] moreFirsts = Arrays.copyOf(firsts, places);
            int[] moreLengths = Arrays.copyOf(lengths, places);
            for (int i = 0; i < runs; i++) {
                moreFirsts[i] = firsts[place(i)];
                moreLengths[i] = lengths[place(i)];
            }
            firsts = moreFirsts;
            lengths = moreLengths;
            oldest = 0;
        }
        int at = place(runs++);
        firsts[at] = first;
        lengths[at] = 1;
    }

    private void forgetOldest() {
        done--;
        firsts[oldest]++;
        if (--lengths[oldest] == 0) {
            oldest = place(1);
            runs--;
        }
    }

    private int place(int run) {
        return (oldest + run) % firsts.length;
    }
}
