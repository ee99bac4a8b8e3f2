package io.tidewire.signalr.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Looks after the silence of all sessions of one event loop with one timer: pings the quiet ones and ends those that are
 * gone. A timer for each session would cost memory for each idle client. Confined to its loop.
 */
final class Heartbeat {
    private static final long LONGEST_TICK = Duration.ofSeconds(1).toNanos();

    /** Makes one for each loop that has a session. */
    static final class PerLoop {
        private final long tick;
        private final FastThreadLocal<Heartbeat> current = new FastThreadLocal<>();

        /** Looks several times within the shortest of the intervals it watches. */
        PerLoop(Duration shortest) {
            this.tick = Math.clamp(shortest.toNanos() / 4, TimeUnit.MILLISECONDS.toNanos(10), LONGEST_TICK);
        }

        Heartbeat of(EventLoop loop) {
            Heartbeat heartbeat = current.get();
            if (heartbeat == null) {
                heartbeat = new Heartbeat();
                current.set(heartbeat);
                var _ = loop.scheduleAtFixedRate(heartbeat::beat, tick, tick, TimeUnit.NANOSECONDS);
            }
            return heartbeat;
        }
    }

    private ClientSession[] sessions = new ClientSession[16];
    private int size;

    void add(ClientSession session) {
        if (size == sessions.length) {
            sessions = Arrays.copyOf(sessions, size * 2);
        }
        session.heartbeatIndex = size;
        sessions[size++] = session;
    }

    @SuppressWarnings("NullAway") // a free place holds null; size says which ones are
    void remove(ClientSession session) {
        int index = session.heartbeatIndex;
        if (index < 0) {
            return;
        }
        session.heartbeatIndex = -1;
        ClientSession last = sessions[--size];
        sessions[size] = null;
        if (last != session) {
            sessions[index] = last;
            last.heartbeatIndex = index;
        }
    }

    /** From the end, because a session may leave while it is looked at. */
    private void beat() {
        long now = System.nanoTime();
        for (int i = size - 1; i >= 0; i--) {
            sessions[i].beat(now);
        }
    }
}
