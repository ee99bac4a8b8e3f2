package io.tidewire.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.hub.Observer;
import io.tidewire.observe.Metrics;
import org.junit.jupiter.api.Test;

class ListenerMetricsTest {
    @Test
    void whatAListenerTellsIsCounted() {
        try (var metrics = new Metrics("test")) {
            var listener = new ListenerMetrics("signalr", metrics, Observer.NONE);
            listener.connectionOpened();
            listener.connectionOpened();
            listener.connectionClosed();
            listener.acceptingPaused();

            assertThat(metrics.scrape().lines())
                    .contains(
                            "tidewire_sockets{listener=\"signalr\"} 1.0",
                            "tidewire_accept_pauses_total{listener=\"signalr\"} 1.0");
        }
    }
}
