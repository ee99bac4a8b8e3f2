package io.tidewire.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import io.tidewire.http.AnswerStream;
import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (reference D.2): to the client one answer that goes on, from the client a request for each message. Text only. It
 * lives on the loop of the connection that carries the stream.
 */
public final class EventStreamWire implements PostedWire, AnswerStream.Writer {
    private static final Outbox.Form EVENT =
            frame -> new DefaultHttpContent(frame.event().retainedDuplicate());

    /** How long the end of the stream may take to a client that was too slow for its messages. */
    private static final Duration SLOW_CLIENT_CLOSE = Duration.ofSeconds(1);

    /**
     * A stream is of use only if nobody in between collects it. {@code no-cache} and {@code identity} keep caches and compressors out;
     * nginx, and those that follow it, buffer every answer that does not say {@code X-Accel-Buffering: no}.
     */
    private static final Response HEAD = Response.of(200)
            .with("Content-Type", "text/event-stream")
            .with("Cache-Control", "no-cache,no-store")
            .with("Pragma", "no-cache")
            .with("Content-Encoding", "identity")
            .with("X-Accel-Buffering", "no");

    private static final byte[] OPENING = EventStream.opening();

    private final Channel channel;
    private final Session session;
    private final Duration closeTimeout;
    private final Flusher flusher;
    private final Outbox outbox;
    private final Posts posts;
    private final AnswerStream stream;

    private long lastRead;
    private @Nullable WireEnd end;
    private boolean told;
    private @Nullable ScheduledFuture<?> deadline;

    private EventStreamWire(
            Exchange exchange, Response head, Session session, WebSocketSettings settings, Budget budget) {
        this.channel = exchange.channel();
        this.session = new GuardedSession(session, this);
        this.closeTimeout = settings.closeTimeout();
        this.flusher = Flusher.of(channel.eventLoop());
        this.outbox = new Outbox(channel, flusher, EVENT, settings.maxUnsentBytes(), budget, this::overflowed);
        this.posts = new Posts(channel.eventLoop(), this.session::onMessage);
        this.lastRead = flusher.now();
        channel.config().setWriteBufferWaterMark(Outbox.waterMark(settings.maxUnsentBytes()));
        this.stream = exchange.stream(head, this);
    }

    /**
     * Answers the request with a stream and opens the session, on the request's loop.
     *
     * @param dress what the answer needs besides
     * @param settings their bound and close timeout
     * @param budget that of the node
     */
    public static void open(
            Exchange exchange,
            UnaryOperator<Response> dress,
            Session session,
            WebSocketSettings settings,
            Budget budget) {
        var wire = new EventStreamWire(exchange, dress.apply(HEAD), session, settings, budget);
        // At once, whatever comes of the rest: a browser calls a stream open when it has seen its first byte.
        var _ = wire.channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(OPENING)));
        wire.session.onOpen(wire);
    }

    // --- what a session calls

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public String transport() {
        return "ServerSentEvents";
    }

    @Override
    public boolean carriesBinary() {
        return false;
    }

    @Override
    public void write(EncodedFrame frame) {
        outbox.write(frame);
    }

    @Override
    public long lastWrite() {
        return outbox.lastWrite();
    }

    @Override
    public long lastRead() {
        return posts.paused() ? flusher.now() : lastRead;
    }

    @Override
    public void pauseReading() {
        posts.pause();
    }

    @Override
    public void resumeReading() {
        lastRead = flusher.now();
        posts.resume();
    }

    @Override
    public void close(WireClose why) {
        if (end != null) {
            return;
        }
        end = new WireEnd.Local(why);
        posts.end();
        Duration patience =
                outbox.overflowed() && closeTimeout.compareTo(SLOW_CLIENT_CLOSE) > 0 ? SLOW_CLIENT_CLOSE : closeTimeout;
        deadline = loop().schedule(this::cut, patience.toNanos(), TimeUnit.NANOSECONDS);
        outbox.finish(() -> stream.end().addListener(_ -> loop().execute(this::finish)));
    }

    // --- what requests of the client call

    @Override
    public void receive(Exchange exchange, Response taken, Problem gone) {
        lastRead = flusher.now();
        posts.receive(exchange, taken, gone);
    }

    // --- what the connection calls

    @Override
    public void writable() {
        outbox.drain();
    }

    @Override
    public void stopping() {
        close(WireClose.GOING_AWAY);
    }

    @Override
    public void gone() {
        finish();
    }

    private void overflowed() {
        if (end == null) {
            session.onOverflow();
        }
    }

    /** The client does not take the rest. Lingering is off so that the kernel drops what it holds for it. */
    private void cut() {
        if (!told && channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            var _ = channel.close();
        }
    }

    private void finish() {
        if (told) {
            return;
        }
        told = true;
        // There is no other way for this client to say goodbye than to go.
        WireEnd how = end == null ? new WireEnd.Remote(ControlFrames.NO_CODE, "") : end;
        end = how;
        outbox.discard();
        posts.end();
        if (deadline != null) {
            deadline.cancel(false);
        }
        session.onClosed(how);
    }
}
