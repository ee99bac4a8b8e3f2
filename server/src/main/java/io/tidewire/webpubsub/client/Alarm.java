package io.tidewire.webpubsub.client;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One timer for many things: it goes off once, at the earliest time it was set to. Confined to the loop. */
final class Alarm {
    private final EventLoop loop;
    private final Runnable work;
    private @Nullable ScheduledFuture<?> timer;
    private long at;

    Alarm(EventLoop loop, Runnable work) {
        this.loop = loop;
        this.work = work;
    }

    /** Goes off then, or before that if it was going to. */
    void set(long nanos) {
        if (timer != null && at - nanos <= 0) {
            return;
        }
        cancel();
        at = nanos;
        timer = loop.schedule(this::goOff, Math.max(nanos - now(), 0), TimeUnit.NANOSECONDS);
    }

    private void goOff() {
        timer = null;
        work.run();
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** The loop's clock. */
    long now() {
        return loop.ticker().nanoTime();
    }
}
