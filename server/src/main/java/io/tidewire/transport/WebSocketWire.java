package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.tidewire.http.Budget;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket (RFC 6455): joins messages, checks what its {@link FrameReader} does not, answers pings and closes in
 * order. It is the only handler of its channel, but for TLS, and lives on the channel's event loop alone.
 *
 * <p>How it ends is decided once, by whoever is first: {@link #close}, the peer's close frame, a broken rule, or the loss of
 * the socket. From then on messages are dropped, though bytes are still read, so that the peer can be heard and told. One
 * deadline covers the rest: sending what is queued, and the peer's answer.
 */
final class WebSocketWire extends ChannelInboundHandlerAdapter implements Wire, FrameReader.Listener {
    /** Bytes of a fragment below which it counts as carrying nothing: no client cuts its messages so small. */
    private static final int TINY_FRAGMENT = 16;

    /** How long the close frame may take to a client that was too slow for its messages. */
    private static final Duration SLOW_CLIENT_CLOSE = Duration.ofSeconds(1);

    private final Channel channel;
    private final Session session;
    private final WebSocketSettings settings;
    private final Budget budget;
    private final Flusher flusher;
    private final Outbox outbox;
    private final Pongs pongs;
    private final Chatter chatter;
    private final FrameReader reader;

    private long lastRead;
    private boolean paused;
    private @Nullable PartialMessage partial;

    private @Nullable WireEnd end;
    private boolean lastSent;
    private boolean peerClosed;
    private boolean told;
    private @Nullable ScheduledFuture<?> deadline;

    /** On the channel's event loop. */
    WebSocketWire(Channel channel, Session session, WebSocketSettings settings, Budget budget) {
        this.channel = channel;
        this.session = new GuardedSession(session, this);
        this.settings = settings;
        this.budget = budget;
        flusher = Flusher.of(channel.eventLoop());
        outbox = new Outbox(channel, flusher, null, settings.maxUnsentBytes(), budget, this::overflowed);
        pongs = new Pongs(outbox);
        chatter = new Chatter(settings.maxEmptyFramesPerSecond());
        reader = new FrameReader(this, settings.maxMessageBytes(), budget);
        lastRead = flusher.now();
    }

    // --- what a session calls

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public String transport() {
        return "WebSockets";
    }

    @Override
    public void write(EncodedFrame frame) {
        outbox.write(frame);
    }

    @Override
    public void ping() {
        if (end == null) {
            var _ = outbox.control(ControlFrames.ping(channel.alloc()));
        }
    }

    @Override
    public long lastWrite() {
        return outbox.lastWrite();
    }

    @Override
    public long lastRead() {
        return paused ? flusher.now() : lastRead;
    }

    @Override
    public void pauseReading() {
        if (end == null) {
            paused = true;
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void resumeReading() {
        if (paused) {
            paused = false;
            lastRead = flusher.now();
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void close(WireClose why) {
        if (end == null) {
            Duration patience = settings.closeTimeout();
            if (outbox.overflowed() && patience.compareTo(SLOW_CLIENT_CLOSE) > 0) {
                patience = SLOW_CLIENT_CLOSE;
            }
            end(new WireEnd.Local(why), why, patience);
        }
    }

    // --- what the channel calls

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        session.onOpen(this);
        if (!channel.isActive()) {
            // Lost during the handshake: the channel may have said so before this handler could hear it.
            loop().execute(this::finish);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        lastRead = flusher.now();
        try {
            if (message instanceof ByteBuf input) {
                reader.read(input);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Part of a record of TLS is a sign of life too, though there is nothing to read yet. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        lastRead = flusher.now();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        outbox.drain();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        finish();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            hangUp();
        } else if (!told) {
            GuardedSession.report("A channel", cause);
            close(WireClose.INTERNAL_ERROR);
        }
    }

    // --- messages

    @Override
    public void onFrame(FrameReader.Opcode opcode, boolean last, ByteBuf payload, boolean ascii) {
        if (end != null && opcode != FrameReader.Opcode.CLOSE) {
            return;
        }
        switch (opcode) {
            case TEXT -> begin(payload, last, false, ascii);
            case BINARY -> begin(payload, last, true, ascii);
            case CONTINUATION -> join(payload, last);
            case PING -> {
                if (isNoFlood()) {
                    pongs.answer(ControlFrames.pong(channel.alloc(), payload));
                }
            }
            case PONG -> { // asked for or not
                if (isNoFlood()) {
                    session.onPong();
                }
            }
            case CLOSE -> peerCloses(payload);
        }
    }

    @Override
    public void onViolation(WireClose answer) {
        violated(answer);
    }

    @Override
    public void onNoRoom() {
        noRoom();
    }

    /** Counts a frame that carries next to nothing; too many of them end the client. */
    private boolean isNoFlood() {
        if (chatter.isTooMuch(lastRead)) {
            WireClose answer = Chatter.flood(settings.maxEmptyFramesPerSecond());
            cut(new WireEnd.Flood(answer), answer);
            return false;
        }
        return true;
    }

    private void begin(ByteBuf payload, boolean last, boolean binary, boolean ascii) {
        if (!last) {
            partial = new PartialMessage(binary, settings.maxMessageBytes(), budget, channel.alloc());
            join(payload, false);
        } else if (!payload.isReadable()) {
            if (isNoFlood()) {
                session.onMessage(payload, binary);
            }
        } else if (binary || ascii || Utf8.isWhole(payload)) {
            session.onMessage(payload, binary);
        } else {
            violated(WireClose.INVALID_PAYLOAD);
        }
    }

    /** The reader has seen to it that fragments come in order, without another message in between. */
    private void join(ByteBuf fragment, boolean last) {
        if (fragment.readableBytes() < TINY_FRAGMENT && !isNoFlood()) {
            return;
        }
        PartialMessage message = partial;
        if (message == null) {
            return;
        }
        switch (message.add(fragment, last)) {
            case TOO_BIG -> violated(FrameReader.tooBig(settings.maxMessageBytes()));
            case NOT_UTF8 -> violated(WireClose.INVALID_PAYLOAD);
            case NO_ROOM -> noRoom();
            case FINE -> {
                if (last) {
                    partial = null;
                    try {
                        session.onMessage(message.joined(), message.binary());
                    } finally {
                        message.release();
                    }
                }
            }
        }
    }

    // --- the end

    private void peerCloses(ByteBuf payload) {
        WireClose theirs = ControlFrames.parseClose(payload);
        if (payload.isReadable()) {
            if (!ControlFrames.mayBeSent(theirs.code())) {
                violated(new WireClose(1002, "Close code " + theirs.code() + " must not be sent"));
                return;
            } else if (!Utf8.isWhole(payload.skipBytes(Short.BYTES))) {
                violated(WireClose.INVALID_PAYLOAD);
                return;
            }
        }
        reader.stop(); // whatever follows
        peerClosed = true;
        outbox.drop();
        if (end == null) {
            end(new WireEnd.Remote(theirs.code(), theirs.reason()), theirs, settings.closeTimeout());
        } else if (lastSent) {
            hangUp();
        }
    }

    private void violated(WireClose answer) {
        cut(new WireEnd.Violation(answer), answer);
    }

    private void noRoom() {
        cut(new WireEnd.Flood(WireClose.NO_ROOM), WireClose.NO_ROOM);
    }

    /** What follows has no meaning, and is received only to be thrown away. */
    private void cut(WireEnd how, WireClose answer) {
        reader.stop();
        if (end != null) {
            hangUp();
            return;
        }
        outbox.drop();
        end(how, answer, settings.closeTimeout());
    }

    private void end(WireEnd how, WireClose frame, Duration patience) {
        end = how;
        resumeReading(); // for the peer's close frame
        forgetInput();
        outbox.finish(() ->
                outbox.control(ControlFrames.close(channel.alloc(), frame)).addListener(_ -> lastSent()));
        deadline = loop().schedule(this::reset, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void lastSent() {
        lastSent = true;
        if (peerClosed) {
            hangUp();
        } else if ((end instanceof WireEnd.Violation || end instanceof WireEnd.Flood)
                && channel instanceof DuplexChannel duplex) {
            // Closing with input unread would reset the connection and take the close frame with it. So say that we are
            // done, then wait for the peer to hang up. In a task, because this runs in the middle of a flush.
            loop().execute(() -> {
                var _ = duplex.shutdownOutput();
            });
        }
    }

    /** Nothing helps any more. Lingering is off so that the kernel drops what it holds for a peer that does not read. */
    private void reset() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            hangUp();
        }
    }

    private void hangUp() {
        var _ = channel.close();
    }

    private void finish() {
        if (told) {
            return;
        }
        told = true;
        WireEnd how = end == null ? new WireEnd.Lost() : end;
        end = how;
        outbox.discard();
        reader.stop();
        forgetInput();
        if (deadline != null) {
            deadline.cancel(false);
        }
        session.onClosed(how);
    }

    private void forgetInput() {
        pongs.stop();
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    private void overflowed() {
        if (end == null) {
            session.onOverflow();
        }
    }
}
