package io.tidewire.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that stays connected: reports what arrives and changes of state, comes back after a loss, until it is stopped or told to
 * stay away.
 *
 * @param <M> what arrives
 */
final class ClientSession<M> {
    /** How often a waiting session looks whether it shall stop. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** A connection that lasted so long was a good one. */
    private static final Duration STABLE = Duration.ofSeconds(10);

    /** Why {@link #run} returned. */
    enum End {
        /** {@code stop} came down. */
        STOPPED,
        /** The taker wants no more. */
        SATISFIED,
        /** The deadline passed. */
        TIMED_OUT
    }

    /** Takes what arrived; false when it was the last that is wanted. */
    @FunctionalInterface
    interface Taker<M> {
        boolean take(M message);
    }

    private final ClientLink.Opener<M> opener;
    private final Consumer<String> state;
    private final Backoff backoff;

    ClientSession(ClientLink.Opener<M> opener, Consumer<String> state, Backoff backoff) {
        this.opener = opener;
        this.state = state;
        this.backoff = backoff;
    }

    /**
     * Blocks until the end; a server that sends the client away for good is a failure. So is a first attempt to connect
     * that fails: nobody wants to wait for a mistyped address.
     *
     * @param deadlineNanos of {@link System#nanoTime}
     */
    End run(Taker<M> taker, CountDownLatch stop, long deadlineNanos) throws ConnectFailed, InterruptedException {
        var connection = opener.open();
        while (true) {
            state.accept(connection.greeting());
            long begin = System.nanoTime();
            try (var current = connection) {
                var end = listen(current, taker, stop, deadlineNanos);
                if (end != null) {
                    return end;
                }
            }
            // Not sooner: who is thrown out again and again must not hammer the server.
            if (System.nanoTime() - begin > STABLE.toNanos()) {
                backoff.reset();
            }
            connection = null;
            while (connection == null) {
                var wait = backoff.next();
                if (stop.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                    return End.STOPPED;
                }
                if (System.nanoTime() - deadlineNanos > 0) {
                    return End.TIMED_OUT;
                }
                try {
                    connection = opener.open();
                } catch (ConnectFailed e) {
                    if (!e.worthRetrying()) {
                        throw e;
                    }
                    state.accept("still not connected: " + e.getMessage());
                }
            }
        }
    }

    /** Null when the connection is lost and to be replaced. */
    private @Nullable End listen(ClientLink<M> connection, Taker<M> taker, CountDownLatch stop, long deadlineNanos)
            throws ConnectFailed, InterruptedException {
        while (true) {
            if (stop.getCount() == 0) {
                return End.STOPPED;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                return End.TIMED_OUT;
            }
            switch (connection.next(TICK)) {
                case null -> {}
                case ClientLink.Event.Came<M> came -> {
                    if (!taker.take(came.message())) {
                        return End.SATISFIED;
                    }
                }
                case ClientLink.Event.Ended<M> ended -> {
                    if (!ended.reconnect()) {
                        throw new ConnectFailed("ended: " + ended.reason(), false, null);
                    }
                    state.accept("lost: " + ended.reason() + "; coming back");
                    return null;
                }
            }
        }
    }
}
