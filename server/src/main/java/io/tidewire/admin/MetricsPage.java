package io.tidewire.admin;

import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import io.tidewire.observe.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Answers with all metrics. Collecting them takes milliseconds, so it happens on a virtual thread, a few at a time. */
final class MetricsPage implements Handler {
    static final int MAX_AT_ONCE = 4;

    private final Supplier<String> scrape;
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);

    MetricsPage(Supplier<String> scrape) {
        this.scrape = scrape;
    }

    @Override
    public void handle(Exchange exchange) {
        if (!places.tryAcquire()) {
            throw new Problem(503, "TooManyScrapes", MAX_AT_ONCE + " scrapes are running already; try again");
        }
        Thread.ofVirtual().name("metrics").start(() -> {
            try {
                collect(exchange);
            } finally {
                places.release();
            }
        });
    }

    private void collect(Exchange exchange) {
        String metrics;
        try {
            metrics = scrape.get();
        } catch (RuntimeException e) {
            exchange.respond(new Problem(500, "ScrapeFailed", "The metrics could not be collected"));
            return;
        }
        exchange.respond(answer(metrics));
    }

    static Response answer(String metrics) {
        return Response.of(200, Metrics.CONTENT_TYPE, metrics.getBytes(StandardCharsets.UTF_8))
                .with("Cache-Control", "no-store");
    }
}
