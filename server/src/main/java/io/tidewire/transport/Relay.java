package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Joins a session to a socket of another event loop: a client that comes back keeps its session's loop, while the kernel gives
 * its new socket to any. To the socket's wire this is the session, to the session it is the wire; what either says crosses
 * over as a task, in order. All that the session writes in one pass crosses in one task.
 *
 * <p>Both ways are bounded. Frames on their way count as unsent, and a client whose messages pile up is not read from.
 */
public final class Relay implements Session, Wire {
    /** Bytes from the client on their way to the session, above which nothing more is read, and below which it is again. */
    private static final long HIGH_WATER = 64 * 1024;

    private static final long LOW_WATER = HIGH_WATER / 2;

    private final Session session;
    private final EventLoop home;
    private final int maxUnsentBytes;

    private final AtomicLong unread = new AtomicLong();
    private final AtomicLong unsent = new AtomicLong();

    // Of the session's loop.
    private List<EncodedFrame> outgoing = new ArrayList<>();
    private long lastWrite;
    private long lastRead;
    private boolean paused;
    private boolean closed;
    private boolean overflowed;
    private boolean told;

    // Of the socket's loop. The wire is set before anything crosses over.
    private @Nullable Wire wire;
    private boolean heldBySession;
    private boolean heldByBacklog;

    /**
     * For one socket.
     *
     * @param home the session's loop
     * @param maxUnsentBytes on their way to the socket's loop
     */
    public Relay(Session session, EventLoop home, int maxUnsentBytes) {
        this.session = session;
        this.home = home;
        this.maxUnsentBytes = maxUnsentBytes;
    }

    // --- what the socket's wire calls, on its loop

    @Override
    public void onOpen(Wire opened) {
        wire = opened;
        toSession(() -> {
            lastWrite = Flusher.of(home).now();
            lastRead = lastWrite;
            session.onOpen(this);
        });
    }

    @Override
    public void onMessage(ByteBuf payload, boolean binary) {
        int size = payload.readableBytes();
        ByteBuf copy = payload.copy(); // the other loop looks at it when the wire has long read on
        if (unread.addAndGet(size) > HIGH_WATER) {
            heldByBacklog = true;
            regulate();
        }
        boolean taken = toSession(() -> {
            lastRead = Flusher.of(home).now();
            try {
                if (!closed) {
                    session.onMessage(copy, binary);
                }
            } finally {
                copy.release();
                long left = unread.addAndGet(-size);
                if (left < LOW_WATER && left + size >= LOW_WATER) {
                    toWire(() -> {
                        heldByBacklog = false;
                        regulate();
                    });
                }
            }
        });
        if (!taken) {
            copy.release();
        }
    }

    @Override
    public void onPong() {
        toSession(() -> {
            lastRead = Flusher.of(home).now();
            session.onPong();
        });
    }

    @Override
    public void onOverflow() {
        toSession(this::overflow);
    }

    @Override
    public void onClosed(WireEnd end) {
        toSession(() -> {
            closed = true;
            drop();
            session.onClosed(end);
        });
    }

    // --- what the session calls, on its loop

    @Override
    public EventLoop loop() {
        return home;
    }

    @Override
    public String transport() {
        return wire().transport();
    }

    @Override
    public void write(EncodedFrame frame) {
        if (closed || overflowed) {
            return;
        }
        lastWrite = Flusher.of(home).now();
        if (unsent.get() + frame.size() > maxUnsentBytes && unsent.get() > 0) {
            overflowed = true;
            drop();
            toSession(this::overflow);
            return;
        }
        unsent.addAndGet(frame.size());
        frame.retain();
        outgoing.add(frame);
        if (outgoing.size() == 1) {
            home.execute(this::ship);
        }
    }

    @Override
    public void ping() {
        toWire(() -> wire().ping());
    }

    @Override
    public long lastWrite() {
        return lastWrite;
    }

    @Override
    public long lastRead() {
        return paused ? Flusher.of(home).now() : lastRead;
    }

    @Override
    public void pauseReading() {
        paused = true;
        hold(true);
    }

    @Override
    public void resumeReading() {
        paused = false;
        lastRead = Flusher.of(home).now();
        hold(false);
    }

    private void hold(boolean hold) {
        toWire(() -> {
            heldBySession = hold;
            regulate();
        });
    }

    @Override
    public void close(WireClose why) {
        if (!closed) {
            closed = true;
            ship();
            toWire(() -> wire().close(why));
        }
    }

    // --- crossing over

    private void regulate() {
        if (heldBySession || heldByBacklog) {
            wire().pauseReading();
        } else {
            wire().resumeReading();
        }
    }

    private void ship() {
        List<EncodedFrame> frames = outgoing;
        if (frames.isEmpty()) {
            return;
        }
        outgoing = new ArrayList<>();
        boolean taken = toWire(() -> {
            for (EncodedFrame frame : frames) {
                wire().write(frame);
            }
            giveBack(frames);
        });
        if (!taken) {
            giveBack(frames);
        }
    }

    /** Forgets what has not crossed over. */
    private void drop() {
        List<EncodedFrame> frames = outgoing;
        outgoing = new ArrayList<>();
        giveBack(frames);
    }

    private void giveBack(List<EncodedFrame> frames) {
        for (EncodedFrame frame : frames) {
            unsent.addAndGet(-frame.size());
            frame.release();
        }
    }

    /** The session hears of it once, whichever side of the crossing was full. */
    private void overflow() {
        if (!told && !closed) {
            told = true;
            overflowed = true;
            session.onOverflow();
        }
    }

    private boolean toSession(Runnable call) {
        return execute(home, () -> guarded(call));
    }

    private boolean toWire(Runnable call) {
        return execute(wire().loop(), call);
    }

    /** False when the loop has stopped. */
    private static boolean execute(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable failure) {
            GuardedSession.report("A session", failure);
            close(WireClose.INTERNAL_ERROR);
        }
    }

    private Wire wire() {
        return Objects.requireNonNull(wire);
    }
}
