package io.tidewire.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts connections that take too long: over a request (408), or between two of them (silently). Cheap: a request that arrives in one pass
 * of the event loop arms nothing, and the idle timer is not moved by traffic but looks at the clock when it fires. What arrives is told by
 * those who see it anyway, so that it need not come by here; a handler only to be able to refuse from its place. Event loop only.
 */
final class Deadlines extends ChannelInboundHandlerAdapter {
    private final HttpSettings settings;
    private final RequestSource source;
    /** In front of those who make whole requests. */
    private @Nullable ChannelHandlerContext place;

    private @Nullable Future<?> requestTimer;
    private @Nullable Future<?> idleTimer;
    /** A request has arrived and is not answered; that takes as long as its handler takes. */
    private boolean answering;

    private long idleSince;

    Deadlines(HttpSettings settings, RequestSource source) {
        this.settings = settings;
        this.source = source;
    }

    /** The last byte of a request is here. */
    void arrived() {
        answering = true;
        requestTimer = cancelled(requestTimer);
    }

    /** All that could be read for now has been: only what is incomplete at this time needs a timer. */
    void passEnded() {
        ChannelHandlerContext ctx = place;
        if (ctx != null && requestTimer == null && source.receiving() && !answering) {
            requestTimer = ctx.executor()
                    .schedule(
                            () -> {
                                requestTimer = null;
                                ctx.fireChannelRead(new Incoming.Refused(Refusals.tooSlow(settings), null));
                            },
                            settings.requestTimeout().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    /** The request is answered: idle from here. */
    void answered() {
        answering = false;
        idleSince = System.nanoTime();
    }

    void stop() {
        requestTimer = cancelled(requestTimer);
        idleTimer = cancelled(idleTimer);
        // What still comes in is thrown away and must not start them again.
        answering = true;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        place = ctx;
        idleSince = System.nanoTime();
        idleIn(ctx, settings.idleTimeout().toNanos());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop();
    }

    private void idleIn(ChannelHandlerContext ctx, long nanos) {
        idleTimer = ctx.executor().schedule(() -> checkIdle(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void checkIdle(ChannelHandlerContext ctx) {
        long timeout = settings.idleTimeout().toNanos();
        long left = timeout - (System.nanoTime() - idleSince);
        if (answering || source.receiving()) {
            // Whichever it is has its own end, after which there is a whole idle time left.
            idleIn(ctx, timeout);
        } else if (left > 0) {
            idleIn(ctx, left);
        } else {
            idleTimer = null;
            // Also when the last answer is still unread: a peer that takes nothing for so long is gone.
            var _ = ctx.close();
        }
    }

    private static @Nullable Future<?> cancelled(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
        return null;
    }
}
