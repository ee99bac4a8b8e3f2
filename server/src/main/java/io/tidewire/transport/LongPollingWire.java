package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Long polling (reference D.2): the client asks again and again, and an answer waits until there is something in it. Polls come on any
 * connection; the wire keeps the loop of the first.
 *
 * <p>What is written between two polls waits for the next one. What has become part of an answer is on its way: if that connection breaks,
 * it is lost with it, as it is lost in the socket of any other transport.
 */
public final class LongPollingWire implements PostedWire, Flusher.Pending {
    /** An answer takes no more frames above this. What a client does not fetch stays where it is counted. */
    private static final int ANSWER_BYTES = 256 * 1024;

    private static final Response NOTHING = Response.of(200, "text/plain", new byte[0]);
    private static final Response OVER = Response.of(204);

    private record Poll(Exchange exchange, UnaryOperator<Response> dress) {
        void answer(Response response) {
            exchange.respond(dress.apply(response));
        }
    }

    private final EventLoop loop;
    private final Session session;
    private final LongPollingSettings clocks;
    private final Duration closeTimeout;
    private final Flusher flusher;
    private final Budget budget;
    private final Backlog backlog;
    private final Posts posts;

    /** The one that waits. */
    private @Nullable Poll poll;
    /** Where the answer before went. */
    private @Nullable Channel lastAnswer;
    /** Ends the wait of a poll, or the wait for a poll. */
    private @Nullable ScheduledFuture<?> clock;

    private long due;
    private final Runnable finish = this::finish;
    private boolean listed;
    private boolean overflowed;
    private @Nullable WireEnd end;
    private boolean told;

    private LongPollingWire(
            EventLoop loop, Session session, LongPollingSettings clocks, WebSocketSettings settings, Budget budget) {
        this.loop = loop;
        this.session = new GuardedSession(session, this);
        this.clocks = clocks;
        this.closeTimeout = settings.closeTimeout();
        this.flusher = Flusher.of(loop);
        this.budget = budget;
        this.backlog = new Backlog(settings.maxUnsentBytes(), budget);
        this.posts = new Posts(loop, this.session::onMessage);
    }

    /**
     * Opens the session and answers the first poll, on its loop: at once and with nothing, which tells the client that it is connected.
     *
     * @param dress what the answer needs besides
     * @param settings their bound and close timeout
     * @param budget that of the node
     */
    public static void open(
            Exchange first,
            UnaryOperator<Response> dress,
            Session session,
            LongPollingSettings clocks,
            WebSocketSettings settings,
            Budget budget) {
        var wire = new LongPollingWire(first.channel().eventLoop(), session, clocks, settings, budget);
        wire.session.onOpen(wire);
        wire.poll = new Poll(first, dress);
        if (wire.end == null) {
            wire.answer(NOTHING);
        } else {
            wire.goOn();
        }
    }

    // --- what a session calls

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public String transport() {
        return "LongPolling";
    }

    @Override
    public void write(EncodedFrame frame) {
        if (end != null || overflowed) {
            return;
        }
        if (backlog.add(frame, 0)) {
            flushLater();
            return;
        }
        flush(); // a poll that waits makes room
        if (poll != null && budget.take(frame.size())) {
            budget.give(frame.size()); // answers count until they are sent
            // Nothing is in front of it: as on a socket that keeps up, it goes out however large it is.
            answer(data(bytes(frame, new ByteArrayOutputStream(frame.size()))));
        } else if (!backlog.add(frame, 0)) {
            overflowed = true;
            backlog.drop();
            loop.execute(this::overflowed);
        }
    }

    /** Now: a ping would do nothing but end a poll early, and clients know that an answered poll is as good. */
    @Override
    public long lastWrite() {
        return flusher.now();
    }

    /** Now: polls are the sign of life, and who leaves them out is gone after a time of its own. */
    @Override
    public long lastRead() {
        return flusher.now();
    }

    @Override
    public void pauseReading() {
        posts.pause();
    }

    @Override
    public void resumeReading() {
        posts.resume();
    }

    /** What is queued waits for the client's next polls, which may take as long as a WebSocket's closing. */
    @Override
    public void close(WireClose why) {
        if (end == null) {
            end = new WireEnd.Local(why);
            posts.end();
            setClock(finish, closeTimeout);
            endWithLoop();
            loop.execute(this::goOn); // not now: the session that closes is in the middle of something
        }
    }

    // --- what requests of the client call, on the loop

    /** A further poll. It takes the place of one that waits, which its client has given up. */
    public void poll(Exchange exchange, UnaryOperator<Response> dress) {
        if (poll != null) {
            poll.answer(OVER);
        }
        poll = new Poll(exchange, dress);
        giveUpUnread(exchange.channel());
        if (told) {
            answerOver();
            return;
        }
        if (end == null) {
            setClock(() -> answer(NOTHING), clocks.pollTimeout());
        }
        goOn();
        if (poll != null) {
            exchange.onGone(() -> loop.execute(() -> lost(exchange)));
        }
    }

    /** Nothing is lost with it: the next poll gets what this one would have got. */
    private void lost(Exchange exchange) {
        if (poll != null && poll.exchange.equals(exchange)) {
            poll = null;
            awaitPoll();
        }
    }

    /** The client says goodbye (DELETE). */
    public void terminate() {
        if (end == null) {
            end = new WireEnd.Remote(WireClose.NORMAL.code(), "");
        }
        finish();
    }

    @Override
    public void receive(Exchange exchange, Response taken, Problem gone) {
        posts.receive(exchange, taken, gone);
    }

    // --- answers

    /** For the {@link Flusher}. */
    @Override
    public void flush() {
        listed = false;
        if (poll != null && !backlog.isEmpty()) {
            answer(data(fromBacklog()));
        }
    }

    private void flushLater() {
        if (poll != null && !listed) {
            listed = true;
            flusher.add(this);
        }
    }

    /** Answers the poll that waits, if there is something to say. */
    private void goOn() {
        flush();
        if (poll != null && end != null) {
            finish();
        }
    }

    private void answer(Response response) {
        Poll answered = poll;
        if (answered != null) {
            poll = null;
            lastAnswer = answered.exchange.channel();
            answered.answer(response);
            awaitPoll();
        }
    }

    private void answerOver() {
        if (poll != null) {
            poll.answer(OVER);
            poll = null;
        }
    }

    private void awaitPoll() {
        if (end == null) {
            setClock(this::missed, clocks.idleTimeout());
        }
    }

    private static Response data(ByteArrayOutputStream body) {
        return Response.of(200, "application/octet-stream", body.toByteArray());
    }

    private ByteArrayOutputStream fromBacklog() {
        var body = new ByteArrayOutputStream();
        while (body.size() < ANSWER_BYTES) {
            EncodedFrame frame = backlog.poll();
            if (frame == null) {
                break;
            }
            bytes(frame, body);
            frame.release();
        }
        return body;
    }

    private static ByteArrayOutputStream bytes(EncodedFrame frame, ByteArrayOutputStream body) {
        ByteBuf payload = frame.payload();
        try {
            payload.readBytes(body, payload.readableBytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return body;
    }

    /**
     * A client that asks on another connection while it has not read the last answer has given that up. Cut, so that unread answers do not
     * pile up in sockets, where nobody counts them.
     */
    private void giveUpUnread(Channel now) {
        Channel before = lastAnswer;
        if (before != null && !before.equals(now) && before.isActive() && !before.isWritable()) {
            var _ = before.close();
        }
        lastAnswer = null;
    }

    // --- messages and the end

    private void overflowed() {
        if (end == null) {
            session.onOverflow();
        }
    }

    /** A loop that ends runs no clocks, and what waits has to be given back. */
    private void endWithLoop() {
        if (!told && loop instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(finish);
        }
    }

    private void missed() {
        if (System.nanoTime() - due > clocks.idleTimeout().toNanos() / 2) {
            awaitPoll(); // this process stood still, and with it the polls of its clients
        } else {
            end = new WireEnd.Lost();
            finish();
        }
    }

    private void setClock(Runnable alarm, Duration in) {
        if (clock != null) {
            clock.cancel(false);
        }
        due = System.nanoTime() + in.toNanos();
        clock = loop.schedule(alarm, in.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void finish() {
        if (told || end == null) {
            return;
        }
        told = true;
        if (loop instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(finish);
        }
        if (clock != null) {
            clock.cancel(false);
        }
        backlog.drop();
        posts.end();
        answerOver();
        session.onClosed(end);
    }
}
