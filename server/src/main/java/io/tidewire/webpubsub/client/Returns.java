package io.tidewire.webpubsub.client;

import io.tidewire.hub.Disconnect;
import java.util.concurrent.atomic.AtomicInteger;

/** The WebSockets of one client after its first one, and since when it is without. Confined to the client's loop, but for {@link #next}. */
final class Returns {
    private final AtomicInteger arrivals = new AtomicInteger();
    private int latest;
    private Disconnect why = Disconnect.CONNECTION_LOST;
    private long since;

    /** The place of one more WebSocket. Any thread. */
    int next() {
        return arrivals.incrementAndGet();
    }

    /** Whether no later one was faster; if so, it is the one from now on. */
    boolean isLatest(int arrival) {
        if (arrival < latest) {
            return false;
        }
        latest = arrival;
        return true;
    }

    void lost(Disconnect reason) {
        why = reason;
        since = System.nanoTime();
    }

    /** Why the client is away. */
    Disconnect why() {
        return why;
    }

    /** How long it has been, as a pause of this process does not count. */
    long nanosAway(long now, long resumed) {
        return Math.min(now - since, now - resumed);
    }
}
