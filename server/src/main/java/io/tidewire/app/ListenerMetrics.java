package io.tidewire.app;

import io.tidewire.http.HttpObserver;
import io.tidewire.hub.Observer;
import io.tidewire.observe.Metrics;
import java.util.concurrent.atomic.LongAdder;

/** Joins a listener to the metrics, which do not know each other. */
final class ListenerMetrics implements HttpObserver {
    private final String listener;
    private final Metrics metrics;
    private final Observer hubs;
    private final LongAdder sockets;
    private final LongAdder pauses;

    ListenerMetrics(String listener, Metrics metrics, Observer hubs) {
        this.listener = listener;
        this.metrics = metrics;
        this.hubs = hubs;
        this.sockets = metrics.sockets(listener);
        this.pauses = metrics.acceptPauses(listener);
    }

    @Override
    public void connectionOpened() {
        sockets.increment();
    }

    @Override
    public void connectionClosed() {
        sockets.decrement();
    }

    @Override
    public void acceptingPaused() {
        pauses.increment();
    }

    @Override
    public void answered(String operationId, int status, long nanos) {
        metrics.request(listener, operationId, status, nanos);
    }

    @Override
    public void refused(String reason) {
        hubs.refused(reason);
    }
}
