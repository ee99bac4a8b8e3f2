package io.tidewire.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts and times the calls of applications. Any thread. */
public final class WebhookMetrics {
    /** Above what services, categories and sensible statuses make; a status is whatever an application sends. */
    private static final int MAX_SERIES = 200;

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofMillis(2500),
        Duration.ofSeconds(10)
    };

    private record Kind(String service, String category, String result) {}

    private record Meters(LongAdder count, Timer duration) {}

    private final PrometheusMeterRegistry registry;
    private final Bounded<Kind, Meters> kinds;
    private final LongAdder retries;
    private final LongAdder circuitsOpened;
    private final LongAdder openCircuits = new LongAdder();

    WebhookMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
        this.kinds = new Bounded<>(MAX_SERIES, new Kind("other", "other", "other"), this::meters);
        this.retries = Metrics.counter(
                registry, "tidewire.webhook.retries", "Calls of applications that were tried again", Tags.empty());
        this.circuitsOpened = Metrics.counter(
                registry,
                "tidewire.webhook.circuits.opened",
                "Times that a failing host was left alone for a while",
                Tags.empty());
        Gauge.builder("tidewire.webhook.circuits.open", openCircuits::sum)
                .description("Hosts that are left alone now")
                .register(registry);
    }

    /**
     * Counts one call.
     *
     * @param service a fixed name, for example {@code signalr}
     * @param category what was told
     * @param result the status of the answer, or in one word why there was none
     */
    public void called(String service, String category, String result, Duration took) {
        Meters meters = kinds.of(new Kind(service, category, result));
        meters.count.increment();
        meters.duration.record(took.toNanos(), TimeUnit.NANOSECONDS);
    }

    public void retried() {
        retries.increment();
    }

    public void circuitOpened() {
        circuitsOpened.increment();
        openCircuits.increment();
    }

    public void circuitClosed() {
        openCircuits.decrement();
    }

    /** The registry gives all results of one category the same timer. */
    private Meters meters(Kind kind) {
        Tags category = Tags.of("service", kind.service, "category", kind.category);
        LongAdder count = Metrics.counter(
                registry, "tidewire.webhook.calls", "Calls of applications", category.and("result", kind.result));
        Timer duration = Timer.builder("tidewire.webhook.duration")
                .description("Time from a call of an application to its end")
                .tags(category)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        return new Meters(count, duration);
    }
}
