package io.tidewire.service.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.tidewire.hub.Disconnect;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows all sessions of one event loop and looks after their silence with one timer: pings the quiet ones and ends those that
 * are gone. A timer for each session would cost memory for each idle client. Confined to its loop.
 *
 * <p>A process that was stopped (a paused machine, a long collection) has read nothing meanwhile, so the silence of that time
 * is its own: it is not held against the clients, who would otherwise all be closed at once when the process goes on.
 */
public final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long LONGEST_TICK = Duration.ofSeconds(1).toNanos();

    /** Makes one for each loop that has a session. */
    public static final class PerLoop {
        private final long tick;

        /** Two beats that lie further apart than this: the process was stopped in between. */
        private final long pause;

        private final FastThreadLocal<Heartbeat> current = new FastThreadLocal<>();
        private final Queue<Heartbeat> all = new ConcurrentLinkedQueue<>();

        /** Why there are no more sessions; null while there are. */
        private volatile @Nullable Disconnect closed;

        /**
         * Looks several times within the shortest of the intervals it watches.
         *
         * @param window for clients to come back
         */
        public PerLoop(Duration keepAliveInterval, Duration clientTimeout, Duration window) {
            long timeout = clientTimeout.toNanos();
            long shortest = Math.min(Math.min(keepAliveInterval.toNanos(), timeout), window.toNanos());
            this.tick = Math.clamp(shortest / 4, TimeUnit.MILLISECONDS.toNanos(10), LONGEST_TICK);
            this.pause = tick + timeout / 4;
        }

        public Heartbeat of(EventLoop loop) {
            Heartbeat heartbeat = current.get();
            if (heartbeat == null) {
                heartbeat = new Heartbeat(loop, pause);
                current.set(heartbeat);
                all.add(heartbeat);
                var _ = loop.scheduleAtFixedRate(heartbeat::beat, tick, tick, TimeUnit.NANOSECONDS);
            }
            return heartbeat;
        }

        /** Adds a session on its loop; ends it instead, when all have been closed. */
        public void add(Watched session, EventLoop loop) {
            of(loop).add(session);
            // Read after the loop became known: either closeAll finds the session, or it is found here.
            Disconnect why = closed;
            if (why != null) {
                session.close(why);
            }
        }

        /** Ends all sessions and those to come; completes when they have been told. Any thread. */
        public CompletionStage<Void> closeAll(Disconnect why) {
            closed = why;
            return CompletableFuture.allOf(all.stream()
                    .map(heartbeat -> CompletableFuture.runAsync(() -> heartbeat.closeEach(why), heartbeat.loop))
                    .toArray(CompletableFuture<?>[]::new));
        }
    }

    private final EventLoop loop;
    private final long pause;
    private long lastBeat = System.nanoTime();
    private long resumed = lastBeat;
    private Watched[] sessions = new Watched[16];
    private int size;

    private Heartbeat(EventLoop loop, long pause) {
        this.loop = loop;
        this.pause = pause;
    }

    private void add(Watched session) {
        if (size == sessions.length) {
            sessions = Arrays.copyOf(sessions, size * 2);
        }
        session.heartbeatIndex(size);
        sessions[size++] = session;
    }

    /** On the loop. */
    @SuppressWarnings("NullAway") // a free place holds null; size says which ones are
    public void remove(Watched session) {
        int index = session.heartbeatIndex();
        if (index < 0) {
            return;
        }
        session.heartbeatIndex(-1);
        Watched last = sessions[--size];
        sessions[size] = null;
        if (!last.equals(session)) {
            sessions[index] = last;
            last.heartbeatIndex(index);
        }
    }

    private void closeEach(Disconnect why) {
        for (int i = size - 1; i >= 0; i--) {
            sessions[i].close(why);
        }
    }

    /** From the end, because a session may leave while it is looked at. */
    private void beat() {
        long now = System.nanoTime();
        if (now - lastBeat > pause) {
            resumed = now;
        }
        lastBeat = now;
        for (int i = size - 1; i >= 0; i--) {
            Watched session = sessions[i];
            try {
                session.beat(now, resumed);
            } catch (RuntimeException | OutOfMemoryError failure) {
                // A timer that throws is not run again, and then nobody on this loop would be looked after.
                LOG.warn("A client is closed because its heartbeat failed: {}", failure.toString());
                session.fail();
            }
        }
    }
}
