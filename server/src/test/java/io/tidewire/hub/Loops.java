package io.tidewire.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Real single-threaded loops without Netty, for tests of the domain. */
public final class Loops implements AutoCloseable {
    private final List<ScheduledExecutorService> loops = new ArrayList<>();

    public Loops(int count) {
        for (int i = 0; i < count; i++) {
            loops.add(Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("loop-" + i).daemon().factory()));
        }
    }

    public List<ScheduledExecutorService> all() {
        return loops;
    }

    public ScheduledExecutorService get(int index) {
        return loops.get(index);
    }

    /** Runs on the loop and waits for the answer. */
    public <T> T on(int index, Callable<T> work) {
        return await(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                loops.get(index)));
    }

    /** Waits until everything handed over so far has run. */
    public void settle() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < loops.size(); i++) {
                on(i, () -> true);
            }
        }
    }

    public static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        loops.forEach(ScheduledExecutorService::shutdownNow);
    }
}
