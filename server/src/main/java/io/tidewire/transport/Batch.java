package io.tidewire.transport;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Frames that clients of one event loop get in this pass, in order: those of the batch before, then one more. Clients that get the same
 * frames share the batch. Made and held by {@link Batches}. Event loop only.
 */
final class Batch {
    /** How many of the batches that follow are looked at: more than a hub usually has dialects, few enough to cost next to nothing. */
    private static final int LOOKS = 4;

    /** Null for the one without frames, which stands before all others. */
    private final @Nullable Batch before;

    private final @Nullable EncodedFrame last;
    private final int frames;
    private final int bytes;

    /** What was made of this one by one more frame, the latest first. */
    private @Nullable Batch following;

    private @Nullable Batch older;

    /** The one without frames. */
    Batch() {
        this.before = null;
        this.last = null;
        this.frames = 0;
        this.bytes = 0;
    }

    private Batch(Batch before, EncodedFrame last) {
        this.before = before;
        this.last = last;
        this.frames = before.frames + 1;
        this.bytes = before.bytes + last.size();
    }

    /** The batch of this one's frames and one more, if it is among the latest; otherwise null. */
    @Nullable
    Batch with(EncodedFrame next) {
        Batch batch = following;
        for (int i = 0; batch != null && i < LOOKS; i++) {
            if (batch.last == next) {
                return batch;
            }
            batch = batch.older;
        }
        return null;
    }

    Batch makeWith(EncodedFrame next) {
        var made = new Batch(this, next);
        made.older = following;
        following = made;
        return made;
    }

    /** Forgets what follows. */
    void clear() {
        following = null;
    }

    /** Not of the one without frames. */
    Batch before() {
        return Objects.requireNonNull(before);
    }

    /** Not of the one without frames. */
    EncodedFrame last() {
        return Objects.requireNonNull(last);
    }

    int frames() {
        return frames;
    }

    /** Of all its frames. */
    int bytes() {
        return bytes;
    }
}
