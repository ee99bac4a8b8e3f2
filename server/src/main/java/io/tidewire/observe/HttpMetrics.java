package io.tidewire.observe;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts and times answered requests, by listener and operation. */
final class HttpMetrics {
    /** Far above routes times statuses; a bound in case a caller passes something that peers choose. */
    private static final int MAX_SERIES = 2000;

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofMillis(2500)
    };

    private static final int OTHER_STATUS = 0;

    private record Outcome(String listener, String operation, int status) {}

    private record Meters(LongAdder count, Timer duration) {}

    private final PrometheusMeterRegistry registry;
    private final Bounded<Outcome, Meters> outcomes;

    HttpMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
        this.outcomes = new Bounded<>(MAX_SERIES, new Outcome("other", "other", OTHER_STATUS), this::meters);
    }

    void count(String listener, String operation, int status, long nanos) {
        Meters meters = outcomes.of(new Outcome(listener, operation, status));
        meters.count.increment();
        meters.duration.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The registry gives all statuses of one operation the same timer. */
    private Meters meters(Outcome outcome) {
        Tags operation = Tags.of("listener", outcome.listener, "operation", outcome.operation);
        LongAdder count = Metrics.counter(
                registry,
                "tidewire.http.requests",
                "Answered requests",
                operation.and("status", outcome.status == OTHER_STATUS ? "other" : Integer.toString(outcome.status)));
        Timer duration = Timer.builder("tidewire.http.request.duration")
                .description("Time from a request to its answer")
                .tags(operation)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        return new Meters(count, duration);
    }
}
