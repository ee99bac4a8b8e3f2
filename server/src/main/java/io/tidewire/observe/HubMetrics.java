package io.tidewire.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Observer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens in the hubs of one service. Callers name their hubs, so only the first hundred get series of their own. */
final class HubMetrics implements Observer {
    static final int MAX_HUBS = 100;
    private static final int MAX_REASONS = 50;
    private static final String OTHER = "other";

    private final PrometheusMeterRegistry registry;
    private final Tags service;
    private final Bounded<String, Hub> hubs;
    private final Bounded<String, LongAdder> dropped;
    private final Bounded<String, LongAdder> refused;
    private final LongAdder opened;
    private final Map<Disconnect.Category, LongAdder> closed = new EnumMap<>(Disconnect.Category.class);

    HubMetrics(PrometheusMeterRegistry registry, String service) {
        this.registry = registry;
        this.service = Tags.of("service", service);
        this.hubs = new Bounded<>(MAX_HUBS, OTHER, Hub::new);
        this.dropped = new Bounded<>(
                MAX_REASONS,
                OTHER,
                reason -> counter("messages.dropped", "Messages given up", Tags.of("reason", reason)));
        this.refused = new Bounded<>(
                MAX_REASONS,
                OTHER,
                reason -> counter("refused", "Callers and clients turned away", Tags.of("reason", reason)));
        this.opened = counter("connections.opened", "Connections that joined a hub", Tags.empty());
        for (Disconnect.Category category : Disconnect.Category.values()) {
            Tags label = Tags.of("category", category.label());
            closed.put(category, counter("connections.closed", "Connections that left their hub", label));
        }
    }

    @Override
    public void opened(String hub) {
        opened.increment();
        hubs.of(hub).connections.increment();
    }

    @Override
    public void closed(String hub, Disconnect why) {
        LongAdder category = closed.get(why.category());
        if (category != null) {
            category.increment();
        }
        hubs.of(hub).connections.decrement();
    }

    @Override
    public void received(String hub, int bytes) {
        Hub counters = hubs.of(hub);
        counters.messagesIn.increment();
        counters.bytesIn.add(bytes);
    }

    @Override
    public void delivered(String hub, int receivers, long bytes) {
        Hub counters = hubs.of(hub);
        counters.messagesOut.add(receivers);
        counters.bytesOut.add(bytes);
    }

    @Override
    public void dropped(String hub, String reason) {
        dropped.of(reason).increment();
    }

    @Override
    public void refused(String reason) {
        refused.of(reason).increment();
    }

    private LongAdder counter(String name, String description, Tags tags) {
        return Metrics.counter(registry, "tidewire." + name, description, service.and(tags));
    }

    /** The counters of one hub, or of all that came too late. */
    private final class Hub {
        final LongAdder connections = new LongAdder();
        final LongAdder messagesIn;
        final LongAdder messagesOut;
        final LongAdder bytesIn;
        final LongAdder bytesOut;

        Hub(String name) {
            Tags hub = Tags.of("hub", name);
            Gauge.builder("tidewire.connections", connections, LongAdder::sum)
                    .description("Connections in hubs now")
                    .tags(service.and(hub))
                    .register(registry);
            messagesIn = counter("messages.in", "Messages from clients", hub);
            messagesOut = counter("messages.out", "Messages to clients, counted for each receiver", hub);
            bytesIn = counter("bytes.in", "Payload bytes from clients", hub);
            bytesOut = counter("bytes.out", "Frame bytes to clients, counted for each receiver", hub);
        }
    }
}
