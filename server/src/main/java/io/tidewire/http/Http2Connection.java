package io.tidewire.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the streams of one HTTP/2 connection have in common: how many there are, when it ends, and the frames that belong to none. Each
 * stream has an {@link HttpConnection} of its own. All fields belong to the channel's event loop.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter implements Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

    /** Pings, settings and the like in a second. Each asks for an answer and none does any work: a good peer sends a few in a minute. */
    private static final int MAX_CONTROL_FRAMES = 100;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Channel channel;
    private final HttpSettings settings;
    private final HttpObserver observer;
    private final Set<HttpConnection> streams = new HashSet<>();

    private long idleSince = System.nanoTime();
    private @Nullable Future<?> idleTimer;
    /** The peer has been told to open no more streams. */
    private boolean leaving;

    private long controlSecond;
    private int controlFrames;

    Http2Connection(Channel channel, HttpSettings settings, HttpObserver observer) {
        this.channel = channel;
        this.settings = settings;
        this.observer = observer;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public void drain() {
        try {
            channel.eventLoop().execute(() -> leave(Http2Error.NO_ERROR));
        } catch (RejectedExecutionException stopped) {
            LOG.trace("The loops have ended, and this connection with them");
        }
    }

    /** A stream has begun. */
    void join(HttpConnection stream) {
        streams.add(stream);
        stream.channel().closeFuture().addListener(_ -> {
            streams.remove(stream);
            idleSince = System.nanoTime();
            endIfLeft();
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        checkIdle();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
        ctx.fireChannelInactive();
    }

    /** What is left here belongs to no stream. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        boolean leaves = frame instanceof Http2GoAwayFrame;
        ReferenceCountUtil.release(frame);
        if (leaves) {
            leave(Http2Error.NO_ERROR);
        } else if (isFlood()) {
            refused("Http2Flood", "more than " + MAX_CONTROL_FRAMES + " control frames in a second");
            streams.clear();
            leave(Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    private boolean isFlood() {
        long now = System.nanoTime();
        if (now - controlSecond > SECOND) {
            controlSecond = now;
            controlFrames = 0;
        }
        return ++controlFrames > MAX_CONTROL_FRAMES;
    }

    /** The codec says here what the peer did wrong, and then ends the connection by itself. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case Http2Exception violation
            when violation.error() == Http2Error.ENHANCE_YOUR_CALM ->
                refused("Http2Flood", String.valueOf(violation.getMessage()));
            case Http2Exception violation ->
                refused("Http2Violation", violation.error() + " " + violation.getMessage());
            case IOException _ -> {
                var _ = ctx.close();
            }
            default -> {
                LOG.error("Internal error on an HTTP/2 connection\n{}", Redaction.trace(cause));
                var _ = ctx.close();
            }
        }
    }

    private void refused(String reason, String why) {
        observer.refused(reason);
        LOG.debug("HTTP/2 with {} ends: {}", channel.remoteAddress(), Redaction.text(why));
    }

    private void leave(Http2Error why) {
        if (!leaving) {
            leaving = true;
            var _ = channel.writeAndFlush(new DefaultHttp2GoAwayFrame(why));
            new ArrayList<>(streams).forEach(HttpConnection::drain);
        }
        endIfLeft();
    }

    private void endIfLeft() {
        if (leaving && streams.isEmpty()) {
            var _ = channel.close();
        }
    }

    private void checkIdle() {
        long timeout = settings.idleTimeout().toNanos();
        long left = streams.isEmpty() ? timeout - (System.nanoTime() - idleSince) : timeout;
        if (left <= 0) {
            leave(Http2Error.NO_ERROR);
        } else {
            idleTimer = channel.eventLoop().schedule(this::checkIdle, left, TimeUnit.NANOSECONDS);
        }
    }
}
