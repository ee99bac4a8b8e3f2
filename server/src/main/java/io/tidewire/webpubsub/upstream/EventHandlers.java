package io.tidewire.webpubsub.upstream;

import io.tidewire.auth.AccessKeys;
import io.tidewire.http.Budget;
import io.tidewire.hub.Observer;
import io.tidewire.service.upstream.FailureLog;
import io.tidewire.service.upstream.Journal;
import io.tidewire.service.upstream.NamesSettings;
import io.tidewire.service.upstream.Turns;
import io.tidewire.service.upstream.UpstreamObserver;
import io.tidewire.upstream.Webhooks;
import io.tidewire.webpubsub.client.Arrival;
import io.tidewire.webpubsub.client.Backend;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands behind the clients of Web PubSub: event handlers that are called over HTTP, and event listeners (reference F). */
public final class EventHandlers implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(EventHandlers.class);

    /** The hub whose settings are those of every hub without settings of its own. */
    private static final String OTHER_HUBS = "*";

    private final Map<String, HubEvents> hubs = new HashMap<>();
    private final Map<String, EventSink> sinks = new HashMap<>();
    private final Redis redis = new Redis();
    private final Commons commons;
    private final Journal journal;
    private final AtomicInteger visits = new AtomicInteger();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean draining;

    /**
     * Calls nobody yet.
     *
     * @param handlers by the lower-case names of hubs; {@code *} for every hub that is named by none of both
     * @param listeners likewise
     * @param keys sign the calls
     * @param endpoint of this service as handlers know it; asked when one is called
     * @param budget bounds the events of all clients that wait
     * @param hubObserver hears of events that are given up
     * @param observer hears of calls
     */
    public EventHandlers(
            Map<String, List<EventHandlerSettings>> handlers,
            Map<String, List<EventListenerSettings>> listeners,
            EventCallSettings settings,
            Webhooks webhooks,
            AccessKeys keys,
            Supplier<URI> endpoint,
            Budget budget,
            InstantSource clock,
            Observer hubObserver,
            UpstreamObserver observer) {
        var origin = new Origin(endpoint);
        this.journal = new Journal(new FailureLog(System::nanoTime, LOG::warn), observer);
        var protection = new AbuseProtection(webhooks, origin, journal, System::nanoTime);
        this.commons = new Commons(
                new HandlerCalls(webhooks, protection, keys, origin, journal, settings.retries()),
                new Turns.Bound(settings.maxWaitingBytes(), "webpubsub.eventCalls.maxWaitingBytes", budget),
                clock,
                hubObserver,
                visits::incrementAndGet,
                this::ended);
        for (String hub : Stream.concat(handlers.keySet().stream(), listeners.keySet().stream())
                .distinct()
                .toList()) {
            hubs.put(
                    hub,
                    new HubEvents(
                            handlers.getOrDefault(hub, List.of()).stream()
                                    .map(Handler::of)
                                    .toList(),
                            listeners.getOrDefault(hub, List.of()).stream()
                                    .map(listener -> listener(listener, settings, webhooks, keys, origin))
                                    .toList()));
        }
    }

    /** Listeners of the same endpoint share what leads there. */
    private Listener listener(
            EventListenerSettings listener,
            EventCallSettings settings,
            Webhooks webhooks,
            AccessKeys keys,
            Origin origin) {
        EventSink sink =
                sinks.computeIfAbsent(listener.endpoint(), endpoint -> switch (ListenerEndpoint.parse(endpoint)) {
                    case ListenerEndpoint.Http(var url) -> new HttpSink(url, webhooks, keys, origin, journal, settings);
                    case ListenerEndpoint.RedisStream stream -> new RedisStreamSink(stream, redis, journal, settings);
                });
        return new Listener(sink, NamesSettings.of(listener.userEvents()), listener.systemEvents());
    }

    @Override
    public Visit arrive(Arrival arrival) {
        HubEvents events = hubs.get(arrival.hub());
        if (events == null) {
            events = hubs.getOrDefault(OTHER_HUBS, HubEvents.NOBODY);
        }
        return new HandlerVisit(arrival, events, commons);
    }

    /** No clients come any more. Completes when the last handler has heard that the last client is gone. */
    public CompletionStage<Void> drain() {
        draining = true;
        if (visits.get() == 0) {
            drained.complete(null);
        }
        return drained;
    }

    /** Clients whose handlers have not yet heard all about them. */
    public int conversations() {
        return visits.get();
    }

    /** Gives listeners what is left, in that time, and writes down what failed calls were only counted. */
    public void close(Duration left) {
        long deadline = System.nanoTime() + left.toNanos();
        sinks.values().forEach(sink -> sink.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        redis.close();
        journal.close();
    }

    private void ended() {
        if (visits.decrementAndGet() == 0 && draining) {
            drained.complete(null);
        }
    }
}
