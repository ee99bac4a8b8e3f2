package io.tidewire.webpubsub.upstream;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs tasks one at a time, in the order in which they are handed over, on virtual threads. Handing over never waits. */
final class Serial {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    void execute(Runnable task) {
        tasks.add(task);
        if (open.getAndIncrement() == 0) {
            Thread.startVirtualThread(this::run);
        }
    }

    private void run() {
        do {
            tasks.remove().run();
        } while (open.decrementAndGet() > 0);
    }
}
