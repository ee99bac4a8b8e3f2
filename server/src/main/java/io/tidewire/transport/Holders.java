package io.tidewire.transport;

import io.netty.util.IllegalReferenceCountException;
import io.tidewire.http.Budget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a frame that many share; the last one gives its buffers back. Their own counts also know those who hold nothing but a
 * buffer, which is what the network does. Any thread.
 */
public final class Holders {
    private final AtomicInteger number = new AtomicInteger(1);

    /** Where the bytes are counted for those who keep them; null while nobody does. */
    private final AtomicReference<@Nullable Budget> counted = new AtomicReference<>();

    /** One holder: whoever made the frame. */
    public Holders() {}

    public void add() {
        if (number.getAndIncrement() <= 0) {
            throw new IllegalReferenceCountException("The frame was given back");
        }
    }

    /**
     * One fewer.
     *
     * @param bytes as counted
     * @return whether it was the last one
     */
    public boolean remove(int bytes) {
        int left = number.decrementAndGet();
        if (left < 0) {
            throw new IllegalReferenceCountException("The frame was given back");
        }
        Budget budget = left == 0 ? counted.get() : null;
        if (budget != null) {
            budget.give(bytes);
        }
        return left == 0;
    }

    /**
     * Counts the bytes for one who holds the frame and keeps it: once, however many keep it, until the last holder gives it back.
     *
     * @return false when there is no room to spare for them
     */
    public boolean count(Budget budget, int bytes) {
        if (counted.get() != null) {
            return true;
        }
        if (!budget.takeSpare(bytes)) {
            return false;
        }
        if (!counted.compareAndSet(null, budget)) {
            budget.give(bytes);
        }
        return true;
    }

    int number() {
        return number.get();
    }
}
