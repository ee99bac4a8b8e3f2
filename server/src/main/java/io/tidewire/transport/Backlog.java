package io.tidewire.transport;

import io.tidewire.http.Budget;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for one client, within its bound and what the node holds for all. A frame shared by many counts for each, as if it
 * were not shared. Holds nothing while nothing waits. Event loop only.
 */
final class Backlog {
    /** Counted for each frame besides its bytes, so that tiny frames are bounded as well. */
    private static final int ENTRY_BYTES = 16;

    private final int maxBytes;
    private final Budget budget;
    private @Nullable ArrayDeque<EncodedFrame> frames;
    private long bytes;

    /**
     * @param maxBytes the bound of this client
     * @param budget that of the node
     */
    Backlog(int maxBytes, Budget budget) {
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /**
     * Takes a frame, which stays borrowed.
     *
     * @param elsewhere bytes that wait for the same client in another place
     * @return false when one of the bounds is reached
     */
    boolean add(EncodedFrame frame, long elsewhere) {
        if (bytes + elsewhere + frame.size() > maxBytes || !budget.take(cost(frame))) {
            return false;
        }
        if (frames == null) {
            frames = new ArrayDeque<>();
        }
        frame.retain();
        frames.add(frame);
        bytes += cost(frame);
        return true;
    }

    boolean isEmpty() {
        return frames == null;
    }

    /** The oldest frame, which now is the caller's to release; null when there is none. */
    @Nullable
    EncodedFrame poll() {
        if (frames == null) {
            return null;
        }
        EncodedFrame frame = frames.remove();
        if (frames.isEmpty()) {
            frames = null;
        }
        bytes -= cost(frame);
        budget.give(cost(frame));
        return frame;
    }

    /** Gives everything back. */
    void drop() {
        ArrayDeque<EncodedFrame> dropped = frames;
        frames = null;
        budget.give(bytes);
        bytes = 0;
        if (dropped != null) {
            dropped.forEach(EncodedFrame::release);
        }
    }

    private static int cost(EncodedFrame frame) {
        return frame.size() + ENTRY_BYTES;
    }
}
