package io.tidewire.hub;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to the shards that have a receiver. The first shard that needs a dialect encodes for it, all
 * others use the same frame; the last shard that is done gives the frames back.
 */
final class Delivery {
    /** Dialects a service may have; their indexes are below this. */
    static final int MAX_DIALECTS = 16;

    /** Stands for "encoded, and there is nothing for this dialect". */
    private static final Frame NOTHING = new Frame() {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public void retain() {}

        @Override
        public void release() {}
    };

    private final String hub;
    private final Audience audience;
    private final Message message;
    private final Observer observer;
    private final AtomicReferenceArray<@Nullable Frame> frames = new AtomicReferenceArray<>(MAX_DIALECTS);
    private final AtomicInteger shardsLeft;

    Delivery(String hub, Audience audience, Message message, int shards, Observer observer) {
        this.hub = hub;
        this.audience = audience;
        this.message = message;
        this.shardsLeft = new AtomicInteger(shards);
        this.observer = observer;
    }

    String hub() {
        return hub;
    }

    Audience audience() {
        return audience;
    }

    /** The shared frame, borrowed; null when the message has nothing for the dialect. */
    @Nullable
    Frame frameFor(Dialect dialect) {
        Frame frame = frames.get(dialect.index());
        if (frame == null) {
            frame = encode(dialect);
        }
        return frame == NOTHING ? null : frame;
    }

    private Frame encode(Dialect dialect) {
        Frame encoded;
        try {
            encoded = dialect.encode(message);
        } catch (RuntimeException | OutOfMemoryError failure) {
            // A defect, because the message was checked when it came in, or no memory for it: it must not stop the
            // shard.
            System.getLogger(Delivery.class.getName())
                    .log(System.Logger.Level.ERROR, "A message could not be encoded as " + dialect.name(), failure);
            observer.dropped(hub, "EncodingFailed");
            encoded = null;
        }
        Frame ours = encoded == null ? NOTHING : encoded;
        if (frames.compareAndSet(dialect.index(), null, ours)) {
            return ours;
        }
        // Another shard was faster.
        ours.release();
        Frame theirs = frames.get(dialect.index());
        return theirs == null ? NOTHING : theirs;
    }

    /** A shard has walked its members. */
    void shardDone() {
        if (shardsLeft.decrementAndGet() == 0) {
            for (int i = 0; i < MAX_DIALECTS; i++) {
                Frame frame = frames.get(i);
                if (frame != null) {
                    frame.release();
                }
            }
        }
    }
}
