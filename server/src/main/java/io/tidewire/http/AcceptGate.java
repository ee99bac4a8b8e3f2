package io.tidewire.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a listener accepts at the moment. It pauses while there are as many sockets as allowed, and for a moment after accepting
 * has failed (out of file descriptors); clients wait in the kernel's queue meanwhile. NIO accepts in batches and may exceed
 * the limit by the rest of one (15). Sits on the server channel; fields without their own guard belong to its event loop.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptGate.class);
    private static final long PAUSE_MILLIS = 500;
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String setting;
    private final int limit;
    private final AcceptLimits limits;
    private final HttpObserver observer;
    private final Consumer<Channel> onClosed;
    /** Counted up on the server channel's loop, down on those of the connections. */
    private final AtomicInteger open = new AtomicInteger();

    /** The same sockets by themselves, for the end of the listener. */
    private final Set<Channel> sockets = ConcurrentHashMap.newKeySet();

    private boolean failing;
    private long lastComplaint = System.nanoTime() - COMPLAINT_NANOS - 1;

    /** @param onClosed told of each socket that has closed, on its loop */
    AcceptGate(String setting, int limit, AcceptLimits limits, HttpObserver observer, Consumer<Channel> onClosed) {
        this.setting = setting;
        this.limit = limit;
        this.limits = limits;
        this.observer = observer;
        this.onClosed = onClosed;
    }

    /** Sockets that are open now, upgraded ones included. */
    int open() {
        return open.get();
    }

    /** Closes every socket that is open now, upgraded ones included. Any thread but an event loop; waits for the end of each. */
    void cut(Duration bound) {
        long deadline = System.nanoTime() + bound.toNanos();
        List<ChannelFuture> ends = sockets.stream().map(Channel::close).toList();
        for (ChannelFuture end : ends) {
            end.awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        Channel socket = (Channel) msg;
        InetAddress address = Origins.peer(socket);
        if (!welcome(limits.take(address))) {
            // Before anything was made for it, TLS included.
            socket.unsafe().closeForcibly();
            return;
        }
        open.incrementAndGet();
        sockets.add(socket);
        observer.connectionOpened();
        // The only listener that a socket keeps for as long as it lives: a second one costs a list of them.
        socket.closeFuture().addListener(_ -> {
            sockets.remove(socket);
            onClosed.accept(socket);
            limits.give(address);
            observer.connectionClosed();
            if (open.getAndDecrement() >= limit) {
                onLoop(ctx);
            }
        });
        update(ctx);
        ctx.fireChannelRead(msg);
    }

    private boolean welcome(AcceptLimits.Verdict verdict) {
        return switch (verdict) {
            case WELCOME -> true;
            case TOO_MANY_OF_ADDRESS -> refused("TooManyOfAddress", "http.maxConnectionsPerAddress");
            case TOO_MANY_IN_SECOND -> refused("TooManyInSecond", "http.maxAcceptsPerSecond");
        };
    }

    /** Each is counted; the log hears of it once in a while, since this is what happens most when somebody attacks. */
    private boolean refused(String reason, String bound) {
        observer.refused(reason);
        long now = System.nanoTime();
        if (now - lastComplaint > COMPLAINT_NANOS) {
            lastComplaint = now;
            LOG.warn("New connections on {} are closed unread, over the setting {}", setting, bound);
        }
        return false;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Without this pause a listener that cannot accept would try again at once, and forever.
        if (!failing) {
            failing = true;
            LOG.warn("Accepting on {} failed and pauses for {} ms: {}", setting, PAUSE_MILLIS, cause.getMessage());
            update(ctx);
            var _ = ctx.executor()
                    .schedule(
                            () -> {
                                failing = false;
                                update(ctx);
                            },
                            PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void onLoop(ChannelHandlerContext ctx) {
        try {
            ctx.executor().execute(() -> update(ctx));
        } catch (RejectedExecutionException stopped) {
            // The loops have ended, and accepting with them.
            LOG.trace("{} has stopped", setting);
        }
    }

    private void update(ChannelHandlerContext ctx) {
        boolean accept = !failing && open.get() < limit;
        if (!accept && ctx.channel().config().isAutoRead()) {
            observer.acceptingPaused();
        }
        ctx.channel().config().setAutoRead(accept);
    }
}
