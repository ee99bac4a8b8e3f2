package io.tidewire.auth;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells what comes again from what comes once, in fixed memory: it knows the last digest of each of its places. A digest that
 * another one drove out counts as new, which costs its owner one more judgement. Any thread.
 */
final class Doorkeeper {
    /** A power of two. At thousands of new tokens a second, one that comes many times a second still finds its digest here. */
    private static final int PLACES = 4096;

    private final AtomicLongArray places = new AtomicLongArray(PLACES);

    /**
     * Whether it was here before; it is from now on.
     *
     * @param digest bits of a good digest
     * @param place other bits of it
     */
    boolean again(long digest, long place) {
        return places.getAndSet((int) place & (PLACES - 1), digest) == digest;
    }
}
