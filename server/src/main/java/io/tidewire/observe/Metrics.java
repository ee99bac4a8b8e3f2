package io.tidewire.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidewire.hub.Observer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts what the server does, for Prometheus. Counting adds to a {@link LongAdder} and never waits; sums are taken when
 * somebody asks. One instance for the process.
 */
public final class Metrics implements AutoCloseable {
    /** What {@link #scrape} returns: Prometheus text exposition format. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpMetrics http = new HttpMetrics(registry);
    private final WebhookMetrics webhooks = new WebhookMetrics(registry);
    private final RuntimeMetrics runtime = new RuntimeMetrics(registry);

    /**
     * Registers what is always there; the runtime's own figures start with the first scrape.
     *
     * @param version of this program, for {@code tidewire_build_info}
     */
    public Metrics(String version) {
        Gauge.builder("tidewire.build.info", () -> 1)
                .description("Always 1; the labels tell what is running")
                .tag("version", version)
                .tag("java", Runtime.version().toString())
                .register(registry);
        FunctionCounter.builder("tidewire.log.lines.dropped", Logging.class, _ -> Logging.dropped())
                .description("Log lines given up because the log's reader is stuck")
                .register(registry);
    }

    /** An observer for all hubs of one service; {@code signalr} for example. Call once for each service. */
    public Observer observer(String service) {
        return new HubMetrics(registry, service);
    }

    /** What to count calls of applications with. */
    public WebhookMetrics webhooks() {
        return webhooks;
    }

    /** Shows the bytes that the node holds for its peers; whoever counts them is asked at each scrape. Call once. */
    public void bufferedBytes(LongSupplier used) {
        Gauge.builder("tidewire.buffered.bytes", used::getAsLong)
                .description(
                        "Bytes of request bodies and of frames for slow clients, bounded by network.maxBufferedBytes")
                .register(registry);
    }

    /** What to count a listener's open sockets with, up and down; upgraded ones included. Call once for each listener. */
    public LongAdder sockets(String listener) {
        var open = new LongAdder();
        Gauge.builder("tidewire.sockets", open::sum)
                .description("Sockets open now")
                .tag("listener", listener)
                .register(registry);
        return open;
    }

    /** What to count the times with that a listener stopped accepting for a while. Call once for each listener. */
    public LongAdder acceptPauses(String listener) {
        return counter(
                registry,
                "tidewire.accept.pauses",
                "Times that accepting paused, at http.maxConnections or because it failed",
                Tags.of("listener", listener));
    }

    /** Shows when a certificate ends, in seconds since 1970, so that somebody can be told before. Call once for each certificate. */
    public void certificateExpiry(String certificate, AtomicLong expires) {
        Gauge.builder("tidewire.tls.certificate.expiry.seconds", expires, AtomicLong::get)
                .description("When the certificate in use ends, in seconds since 1970")
                .tag("certificate", certificate)
                .strongReference(true)
                .register(registry);
    }

    /** What to count the times with that a renewed certificate could not be used. Call once for each certificate. */
    public LongAdder certificatesRefused(String certificate) {
        return counter(
                registry,
                "tidewire.tls.certificates.refused",
                "Times that renewed certificate files could not be used and the one before them stayed",
                Tags.of("certificate", certificate));
    }

    /** What to count the times with that changed settings could not be used. Call once. */
    public LongAdder settingsRefused() {
        return counter(
                registry,
                "tidewire.settings.refused",
                "Times that changed settings could not be used and the access keys before them stayed",
                Tags.empty());
    }

    /**
     * Counts one answered request. Any thread.
     *
     * @param listener a fixed name, for example {@code signalr}
     * @param operation the route's operation id; empty where no route was found
     * @param status of the answer
     * @param nanos from the first byte of the request to the answer
     */
    public void request(String listener, String operation, int status, long nanos) {
        http.count(listener, operation.isEmpty() ? "none" : operation, status, nanos);
    }

    /** Everything in the {@link #CONTENT_TYPE} format. Takes milliseconds: not for an event loop. */
    public String scrape() {
        runtime.start();
        return registry.scrape();
    }

    @Override
    public void close() {
        runtime.close();
        registry.close();
    }

    /** A counter that costs its user an addition; the adder lives as long as somebody else holds it. */
    static LongAdder counter(PrometheusMeterRegistry registry, String name, String description, Tags tags) {
        var adder = new LongAdder();
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .description(description)
                .tags(tags)
                .register(registry);
        return adder;
    }
}
