package io.tidewire.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Adds up what each shard did, and completes when all have answered. */
final class Tally {
    private final AtomicInteger shardsLeft;
    private final AtomicInteger sum = new AtomicInteger();
    private final CompletableFuture<Integer> result = new CompletableFuture<>();

    Tally(int shards) {
        this.shardsLeft = new AtomicInteger(shards);
    }

    void add(int count) {
        sum.addAndGet(count);
        if (shardsLeft.decrementAndGet() == 0) {
            result.complete(sum.get());
        }
    }

    CompletionStage<Integer> result() {
        return result;
    }
}
