package io.tidewire.app;

import io.tidewire.observe.WebhookMetrics;
import io.tidewire.upstream.WebhookClient;
import io.tidewire.upstream.WebhookObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The applications that are told what clients do, and the HTTP client that calls them. */
final class Applications {
    private static final Logger LOG = LoggerFactory.getLogger(Applications.class);

    /** What a service tells them, at its end. */
    interface Telling {
        /** Completes when the last of them has heard that the last client is gone. */
        CompletionStage<Void> drain();

        /** Clients of which not all is told. */
        int conversations();

        /** Ends what is told without waiting for an answer, in that time. */
        void close(Duration left);
    }

    private final List<String> urls;
    private final WebhookClient client;
    private final Telling telling;

    /**
     * Of one service.
     *
     * @param urls where they are, without secrets
     * @param client by which they are called; ended with them
     */
    Applications(List<String> urls, WebhookClient client, Telling telling) {
        this.urls = List.copyOf(urls);
        this.client = client;
        this.telling = telling;
    }

    /** Costs nothing until the first call. */
    static WebhookClient client(Node node) {
        return new WebhookClient(
                node.settings().upstream(), new Retries(node.metrics().webhooks()));
    }

    /** In their order, without secrets. */
    List<String> urls() {
        return urls;
    }

    /** After the last client has gone: tells what is left to tell, in that time, and ends. */
    void close(Duration left) {
        long deadline = System.nanoTime() + left.toNanos();
        try {
            telling.drain().toCompletableFuture().get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn(
                    "Applications could not be told in time that clients are gone: {} of them. More time gives the setting"
                            + " shutdownTimeout",
                    telling.conversations());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        telling.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        client.close();
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
