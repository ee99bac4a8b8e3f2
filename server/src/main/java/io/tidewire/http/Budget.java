package io.tidewire.http;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes that peers together make this node hold: bodies that are arriving or being worked on, frames that wait for slow clients.
 * What one peer may hold is bounded elsewhere; many peers would still fill the direct memory, where an allocation that fails stops an event
 * loop for a second and then throws in the middle of something. Whoever takes bytes gives back as many. Any thread.
 */
public final class Budget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /** For one node: the bound of its settings, or half of the direct memory this process may have; the rest is for what is not counted. */
    public Budget(NetworkSettings settings) {
        this(settings.maxBufferedBytes() == 0 ? PlatformDependent.maxDirectMemory() / 2 : settings.maxBufferedBytes());
    }

    /** With a limit in bytes. */
    public Budget(long limit) {
        this.limit = limit;
    }

    /**
     * Takes bytes, all of them or none.
     *
     * @return whether there was room
     */
    public boolean take(long bytes) {
        return take(bytes, limit);
    }

    /**
     * As {@link #take}, for what can be done without: half of the room is left to others.
     *
     * @return whether there was room to spare
     */
    public boolean takeSpare(long bytes) {
        return take(bytes, limit / 2);
    }

    private boolean take(long bytes, long upTo) {
        return used.getAndUpdate(now -> now + bytes <= upTo ? now + bytes : now) + bytes <= upTo;
    }

    /** Counts bytes that are there whether there is room or not, so that others take no more. */
    void hold(long bytes) {
        used.addAndGet(bytes);
    }

    /** Gives back what was taken or held. */
    public void give(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Bytes in use now. */
    public long used() {
        return used.get();
    }

    long limit() {
        return limit;
    }
}
