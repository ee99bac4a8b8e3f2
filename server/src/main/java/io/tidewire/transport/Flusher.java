package io.tidewire.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends each pass of one event loop: flushes the clients that queued something, so that a burst costs one system call per
 * client, and keeps the clock of the pass, so that reading it costs a field.
 *
 * <p>It runs as a task of Netty's {@link SingleThreadEventLoop#executeAfterEventLoopIteration}: after the sockets were read
 * and after all queued tasks, in the same pass, before the loop sleeps. An idle server therefore delivers at once, and what
 * many queued tasks write to one client still goes out together. A task enqueued with {@code execute} would run before the
 * tasks that arrive meanwhile, and split such bursts. The price of waiting for all of them, a pass that does not end while
 * tasks keep coming, is capped by {@link #LONGEST_NANOS}.
 */
final class Flusher implements Runnable {
    /** Who queued something in this pass. */
    interface Pending {
        void flush();
    }

    /** Wires ask for the flusher once, when they open, always on their loop. */
    private static final FastThreadLocal<Flusher> OF_THIS_THREAD = new FastThreadLocal<>();

    /** How often a long pass looks at the real clock. A power of two. */
    private static final int LOOK_EVERY = 64;

    /** A pass that lasts longer than this is flushed in between. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EventLoop loop;
    private final List<Pending> dirty = new ArrayList<>();
    private final Batches batches = new Batches();
    private boolean flushing;

    /** Whether the task that ends this pass is queued; the clock below is good while it is. */
    private boolean armed;

    private long now;
    private long flushedAt;
    private int looks;

    private Flusher(EventLoop loop) {
        this.loop = loop;
    }

    /** The flusher of this loop. Call on the loop. */
    static Flusher of(EventLoop loop) {
        Flusher found = OF_THIS_THREAD.get();
        if (found == null || !found.loop.equals(loop)) {
            found = new Flusher(loop);
            OF_THIS_THREAD.set(found);
        }
        return found;
    }

    /** Nanoseconds of this pass, at most some milliseconds old. */
    long now() {
        if (!armed) {
            arm();
        } else if ((++looks & (LOOK_EVERY - 1)) == 0) {
            look();
        }
        return now;
    }

    /** What clients of this loop get in this pass straight to their sockets. */
    Batches batches() {
        return batches;
    }

    /** Something was queued there: it is sent at the end of the pass. */
    void willSend() {
        if (!armed) {
            arm();
        }
    }

    /** Flush this one at the end of the pass. It makes sure itself that it is listed once. */
    void add(Pending pending) {
        if (!armed) {
            arm();
        }
        dirty.add(pending);
    }

    @Override
    public void run() {
        armed = false;
        flush();
    }

    private void arm() {
        now = System.nanoTime();
        flushedAt = now;
        if (loop.isShutdown()) {
            return; // the last tasks of a stopped loop: its sockets are closed, there is nothing to flush
        }
        armed = true;
        if (loop instanceof SingleThreadEventLoop single) {
            single.executeAfterEventLoopIteration(this);
        } else {
            loop.execute(this);
        }
    }

    private void look() {
        now = System.nanoTime();
        if (now - flushedAt > LONGEST_NANOS && !flushing) {
            flush();
            flushedAt = now;
        }
    }

    /** A flush may make room, and the room may be filled at once: the list can grow while it is walked. */
    private void flush() {
        flushing = true;
        for (int i = 0; i < dirty.size(); i++) {
            try {
                dirty.get(i).flush();
            } catch (RuntimeException | OutOfMemoryError failure) {
                GuardedSession.report("A flush", failure); // one client's; the others still get theirs
            }
        }
        dirty.clear();
        batches.send();
        flushing = false;
    }
}
