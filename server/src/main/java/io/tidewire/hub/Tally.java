package io.tidewire.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Adds up what each shard did, and completes when all have answered; fails when one of them did. */
final class Tally {
    private final AtomicInteger shardsLeft;
    private final AtomicInteger sum = new AtomicInteger();
    private volatile @Nullable Throwable failure;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();

    Tally(int shards) {
        this.shardsLeft = new AtomicInteger(shards);
    }

    void add(int count) {
        sum.addAndGet(count);
        shardDone();
    }

    /** A shard could not do all of it. */
    void fail(Throwable why) {
        failure = why;
        shardDone();
    }

    private void shardDone() {
        if (shardsLeft.decrementAndGet() > 0) {
            return;
        }
        Throwable failed = failure;
        if (failed == null) {
            result.complete(sum.get());
        } else {
            result.completeExceptionally(failed);
        }
    }

    CompletionStage<Integer> result() {
        return result;
    }
}
