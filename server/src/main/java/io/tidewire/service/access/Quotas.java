package io.tidewire.service.access;

import io.tidewire.http.Problem;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Observer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Holds the service to its quotas (reference G). What is off costs nothing. Connections are counted when they come and go,
 * messages once for each shard that delivers one, never for each receiver. Any thread.
 */
public final class Quotas {
    /** A message of up to so many bytes counts as one, a longer one as several. */
    private static final int PIECE = 2048;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SECONDS_OF_A_DAY = TimeUnit.DAYS.toSeconds(1);

    private final String section;
    private final LimitSettings limits;
    private final InstantSource clock;
    private final Observer observer;

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger diagnosticClients = new AtomicInteger();

    /** When the connects that were let in are worked off, if they came evenly. */
    private final AtomicLong connectsUntil = new AtomicLong(System.nanoTime());

    /** Since the UTC day began, which the message quota is for. */
    private final LongAdder pieces = new LongAdder();

    private final AtomicLong day;

    /**
     * Nothing is counted yet.
     *
     * @param section of the settings, which refusals name
     * @param observer told of refusals
     */
    public Quotas(String section, LimitSettings limits, InstantSource clock, Observer observer) {
        this.section = section;
        this.limits = limits;
        this.clock = clock;
        this.observer = observer;
        this.day = new AtomicLong(today());
    }

    /**
     * Before a client negotiates or opens a transport.
     *
     * @param diagnostic whether its token says that it is one of those who look for faults
     * @throws Problem 429
     */
    public void checkConnect(boolean diagnostic) {
        if (isOver(limits.connections(), connections.get() + 1)) {
            throw refused("ConnectionCountLimit", connectionsFull());
        }
        if (diagnostic && isOver(limits.diagnosticClients(), diagnosticClients.get() + 1)) {
            throw refused("DiagnosticClientLimit", diagnosticClientsFull());
        }
        if (limits.connectsPerSecond() > 0 && !mayConnectNow()) {
            throw refused(
                    "ConnectRateLimit",
                    "Connects reach the limit of " + limits.connectsPerSecond() + " in a second (setting " + section
                            + ".connectsPerSecond)",
                    List.of(Map.entry("Retry-After", "1")));
        }
    }

    /**
     * A client has its transport. Two may have passed {@link #checkConnect} where there was room for one.
     *
     * @return false when there is no room; otherwise {@link #leave} follows
     */
    public boolean enter(boolean diagnostic) {
        if (isOver(limits.connections(), connections.incrementAndGet())) {
            connections.decrementAndGet();
            return false;
        }
        if (diagnostic && isOver(limits.diagnosticClients(), diagnosticClients.incrementAndGet())) {
            diagnosticClients.decrementAndGet();
            connections.decrementAndGet();
            return false;
        }
        return true;
    }

    public void leave(boolean diagnostic) {
        connections.decrementAndGet();
        if (diagnostic) {
            diagnosticClients.decrementAndGet();
        }
    }

    /**
     * Before a message is sent over REST.
     *
     * @throws Problem 429
     */
    public void checkMessages() {
        if (areMessagesUsedUp()) {
            throw refused(
                    "MessageCountLimit",
                    Disconnect.MESSAGE_LIMIT.message() + ": " + limits.messagesPerDay()
                            + " of up to 2 KiB in a UTC day (setting " + section + ".messagesPerDay)");
        }
    }

    /** Whether clients get nothing more today. */
    public boolean areMessagesUsedUp() {
        if (limits.messagesPerDay() == 0) {
            return false;
        }
        long now = today();
        long before = day.get();
        if (now != before && day.compareAndSet(before, now)) {
            pieces.reset();
        }
        return pieces.sum() >= limits.messagesPerDay();
    }

    /** One message went to so many clients; bytes of all of them together. */
    public void sent(int receivers, long bytes) {
        if (limits.messagesPerDay() > 0 && receivers > 0) {
            pieces.add(receivers * ((bytes / receivers + PIECE - 1) / PIECE));
        }
    }

    /** The observer of the hubs, who count the messages that they deliver here as well. */
    public Observer counting(Observer hubs) {
        return limits.messagesPerDay() == 0 ? hubs : new Counting(hubs);
    }

    /** Lets in what comes evenly at the rate, and bursts of one second's worth. */
    private boolean mayConnectNow() {
        long step = SECOND / limits.connectsPerSecond();
        while (true) {
            long now = System.nanoTime();
            long before = connectsUntil.get();
            long after = (before - now > 0 ? before : now) + step;
            if (after - now > SECOND) {
                return false;
            }
            if (connectsUntil.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    private String connectionsFull() {
        return Disconnect.CONNECTION_LIMIT.message() + ": " + limits.connections() + " clients (setting " + section
                + ".connections)";
    }

    private String diagnosticClientsFull() {
        return Disconnect.CONNECTION_LIMIT.message() + ": " + limits.diagnosticClients()
                + " diagnostic clients (setting " + section + ".diagnosticClients)";
    }

    private Problem refused(String reason, String message) {
        return refused(reason, message, List.of());
    }

    private Problem refused(String reason, String message, List<Map.Entry<String, String>> headers) {
        observer.refused(reason);
        return new Problem(429, "Error.Request.Throttled", message, headers);
    }

    private long today() {
        return clock.instant().getEpochSecond() / SECONDS_OF_A_DAY;
    }

    private static boolean isOver(int limit, int count) {
        return limit > 0 && count > limit;
    }

    /** Passes on what it hears. */
    private final class Counting implements Observer {
        private final Observer hubs;

        Counting(Observer hubs) {
            this.hubs = hubs;
        }

        @Override
        public void opened(String hub) {
            hubs.opened(hub);
        }

        @Override
        public void closed(String hub, Disconnect why) {
            hubs.closed(hub, why);
        }

        @Override
        public void received(String hub, int bytes) {
            hubs.received(hub, bytes);
        }

        @Override
        public void delivered(String hub, int receivers, long bytes) {
            sent(receivers, bytes);
            hubs.delivered(hub, receivers, bytes);
        }

        @Override
        public void dropped(String hub, String reason) {
            hubs.dropped(hub, reason);
        }

        @Override
        public void refused(String reason) {
            hubs.refused(reason);
        }
    }
}
