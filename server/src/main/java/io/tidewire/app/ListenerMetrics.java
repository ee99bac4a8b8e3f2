package io.tidewire.app;

import io.tidewire.http.HttpObserver;
import io.tidewire.hub.Observer;
import io.tidewire.observe.Metrics;

/** Joins a listener to the metrics, which do not know each other. */
final class ListenerMetrics implements HttpObserver {
    private final String listener;
    private final Metrics metrics;
    private final Observer hubs;

    ListenerMetrics(String listener, Metrics metrics, Observer hubs) {
        this.listener = listener;
        this.metrics = metrics;
        this.hubs = hubs;
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
