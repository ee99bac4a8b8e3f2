package io.tidewire.service.upstream;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Writes failed calls down: of each host the first few of a minute in full, of all others how many there were. So an upstream
 * that is down does not bury what else there is to read. Any thread, no waiting.
 */
public final class FailureLog {
    public static final int IN_FULL = 5;
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** Hosts may be named after hubs, which callers name: the rest share one window. */
    static final int MAX_HOSTS = 1000;

    private static final String OTHERS = "other upstreams";

    /** A minute, in nanoseconds of the clock, and the failures in it. */
    private record Minute(long begin, int failures) {
        boolean isOver(long now) {
            return now - begin >= WINDOW.toNanos();
        }

        int unsaid() {
            return Math.max(0, failures - IN_FULL);
        }
    }

    private final ConcurrentHashMap<String, AtomicReference<Minute>> hosts = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final Consumer<String> log;

    public FailureLog(LongSupplier nanoTime, Consumer<String> log) {
        this.nanoTime = nanoTime;
        this.log = log;
    }

    public void failed(String host, String line) {
        long now = nanoTime.getAsLong();
        String name = hosts.size() < MAX_HOSTS || hosts.containsKey(host) ? host : OTHERS;
        Minute before = hosts.computeIfAbsent(name, _ -> new AtomicReference<>(new Minute(now, 0)))
                .getAndUpdate(minute ->
                        minute.isOver(now) ? new Minute(now, 1) : new Minute(minute.begin, minute.failures + 1));
        if (before.isOver(now)) {
            sayRest(name, before);
            log.accept(line);
        } else if (before.failures < IN_FULL) {
            log.accept(line);
        } else if (before.failures == IN_FULL) {
            log.accept("More calls of " + name + " fail; for the rest of this minute they are counted only");
        }
    }

    /** A call went well: the moment to tell what was left unsaid, once its minute is over. */
    public void succeeded(String host) {
        AtomicReference<Minute> window = hosts.get(host);
        if (window != null) {
            long now = nanoTime.getAsLong();
            Minute minute = Objects.requireNonNull(window.get());
            if (minute.isOver(now) && minute.failures > 0 && window.compareAndSet(minute, new Minute(now, 0))) {
                sayRest(host, minute);
            }
        }
    }

    /** Tells what is still unsaid, before the log ends. */
    public void close() {
        hosts.forEach((host, minute) -> sayRest(host, Objects.requireNonNull(minute.get())));
        hosts.clear();
    }

    private void sayRest(String host, Minute minute) {
        if (minute.unsaid() > 0) {
            log.accept(minute.unsaid() + " more calls of " + host + " failed within a minute");
        }
    }
}
