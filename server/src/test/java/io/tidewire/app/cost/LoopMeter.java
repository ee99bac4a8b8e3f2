package io.tidewire.app.cost;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the event loops of a server have allocated on the heap. The JVM counts it to the byte, whatever else the machine does. */
final class LoopMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<? extends Executor> loops;
    private final long[] threads;

    LoopMeter(List<? extends Executor> loops) {
        this.loops = loops;
        this.threads = loops.stream()
                .mapToLong(loop -> on(loop, () -> Thread.currentThread().threadId()))
                .toArray();
    }

    /** Bytes that the loops allocate for this work. */
    long of(Runnable work) {
        long before = allocated();
        work.run();
        return allocated() - before;
    }

    /** Up to now, once the loops have done what they were told and wait for more. */
    private long allocated() {
        for (int round = 0; round < 2; round++) {
            loops.forEach(loop -> on(loop, () -> true));
        }
        long sum = 0;
        for (long thread : threads) {
            sum += THREADS.getThreadAllocatedBytes(thread);
        }
        return sum;
    }

    private static <T> T on(Executor loop, Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
