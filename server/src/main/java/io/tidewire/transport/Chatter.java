package io.tidewire.transport;

import java.util.concurrent.TimeUnit;

/**
 * Counts what costs work and carries next to nothing: pings, empty frames, tiny fragments. A client that sends more of it in
 * a second than its bound is flooding. What carries something is not counted and costs nothing here. One thread.
 */
public final class Chatter {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private long since;
    private int count;

    /** @param perSecond setting {@code websocket.maxEmptyFramesPerSecond} */
    public Chatter(int perSecond) {
        this.perSecond = perSecond;
    }

    /**
     * Counts one more.
     *
     * @param now nanoseconds
     * @return whether the bound is passed
     */
    public boolean isTooMuch(long now) {
        if (count == 0 || now - since >= SECOND) {
            since = now;
            count = 0;
        }
        return ++count > perSecond;
    }

    /** What the client is closed with. */
    public static WireClose flood(int perSecond) {
        return new WireClose(
                1008,
                "More than " + perSecond + " pings or empty frames in a second (websocket.maxEmptyFramesPerSecond)");
    }
}
