package io.tidewire.app;

import io.tidewire.observe.WebhookMetrics;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.signalr.SignalRSettings.Mode;
import io.tidewire.signalr.client.Backend;
import io.tidewire.signalr.upstream.UpstreamSettings;
import io.tidewire.signalr.upstream.Upstreams;
import io.tidewire.upstream.WebhookClient;
import io.tidewire.upstream.WebhookObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The applications that are told what clients do, and the HTTP client that calls them. */
final class Applications {
    private static final Logger LOG = LoggerFactory.getLogger(Applications.class);

    private final UpstreamSettings settings;
    private final WebhookClient client;
    private final Upstreams upstreams;

    private Applications(UpstreamSettings settings, Foundation foundation) {
        Node node = foundation.node();
        WebhookMetrics metrics = node.metrics().webhooks();
        this.settings = settings;
        this.client = new WebhookClient(node.settings().upstream(), new Retries(metrics));
        this.upstreams = new Upstreams(
                settings,
                client,
                foundation.keys(),
                node.budget(),
                foundation.observer(),
                call -> metrics.called("signalr", call.category(), call.result(), call.took()));
    }

    /** Null where the settings name none; only a serverless hub has any (reference E.1). */
    static @Nullable Applications of(SignalRSettings settings, Foundation foundation) {
        boolean none = settings.upstream().rules().isEmpty();
        return switch (settings.mode()) {
            case Mode.SERVERLESS -> none ? null : new Applications(settings.upstream(), foundation);
        };
    }

    /** In their order, without secrets. */
    List<String> urls() {
        return settings.rules().stream().map(UpstreamSettings.Rule::shownUrl).toList();
    }

    Backend backend() {
        return upstreams;
    }

    /** After the last client has gone: tells what is left to tell, in that time, and ends. */
    void close(Duration left) {
        try {
            upstreams.drain().toCompletableFuture().get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn(
                    "Upstreams could not be told in time that clients are gone: {} of them. More time gives the setting"
                            + " shutdownTimeout",
                    upstreams.conversations());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        client.close();
        upstreams.close();
    }

    /** Joins the HTTP client to the metrics, which do not know each other. */
    private record Retries(WebhookMetrics metrics) implements WebhookObserver {
        @Override
        public void retried() {
            metrics.retried();
        }

        @Override
        public void circuitOpened() {
            metrics.circuitOpened();
        }

        @Override
        public void circuitClosed() {
            metrics.circuitClosed();
        }
    }
}
