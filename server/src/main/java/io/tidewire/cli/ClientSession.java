package io.tidewire.cli;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client that stays connected: reports calls and changes of state, comes back after a loss, until it is stopped or told to stay away. */
final class ClientSession {
    /** How often a waiting session looks whether it shall stop. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** A connection that lasted so long was a good one. */
    private static final Duration STABLE = Duration.ofSeconds(10);

    /** Why {@link #run} returned. */
    enum End {
        /** {@code stop} came down. */
        STOPPED,
        /** The handler of calls wants no more. */
        SATISFIED,
        /** The deadline passed. */
        TIMED_OUT
    }

    /** Takes a call; false when it was the last that is wanted. */
    @FunctionalInterface
    interface Calls {
        boolean take(HubMessage.Invocation call);
    }

    private final HttpClient http;
    private final ServiceAccess service;
    private final String hub;
    private final Supplier<String> tokens;
    private final Consumer<String> state;
    private final Backoff backoff;

    /** @param tokens a fresh one for each attempt: an old one may have expired meanwhile */
    ClientSession(
            HttpClient http,
            ServiceAccess service,
            String hub,
            Supplier<String> tokens,
            Consumer<String> state,
            Backoff backoff) {
        this.http = http;
        this.service = service;
        this.hub = hub;
        this.tokens = tokens;
        this.state = state;
        this.backoff = backoff;
    }

    /**
     * Blocks until the end; a server that sends the client away for good is a failure. So is a first attempt to connect
     * that fails: nobody wants to wait for a mistyped address.
     *
     * @param deadlineNanos of {@link System#nanoTime}
     */
    End run(Calls calls, CountDownLatch stop, long deadlineNanos) throws ConnectFailed, InterruptedException {
        var connection = HubConnection.open(http, service, hub, tokens.get());
        while (true) {
            state.accept("connected to " + service.endpoint() + ", hub " + hub);
            long begin = System.nanoTime();
            try (var current = connection) {
                var end = listen(current, calls, stop, deadlineNanos);
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
                    connection = HubConnection.open(http, service, hub, tokens.get());
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
    private @Nullable End listen(HubConnection connection, Calls calls, CountDownLatch stop, long deadlineNanos)
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
                case HubConnection.Event.Called called -> {
                    if (!calls.take(called.invocation())) {
                        return End.SATISFIED;
                    }
                }
                case HubConnection.Event.Ended ended -> {
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
