package io.tidewire.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Observer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics("1.2.3");
    private final Observer signalr = metrics.observer("signalr");

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void connectionsAreCountedUpAndDown() {
        signalr.opened("chat");
        signalr.opened("chat");
        signalr.opened("news");
        signalr.closed("chat", Disconnect.PING_TIMEOUT);

        assertThat(lines())
                .contains(
                        "tidewire_connections{hub=\"chat\",service=\"signalr\"} 1.0",
                        "tidewire_connections{hub=\"news\",service=\"signalr\"} 1.0",
                        "tidewire_connections_opened_total{service=\"signalr\"} 3.0",
                        "tidewire_connections_closed_total{category=\"PingTimeout\",service=\"signalr\"} 1.0",
                        "tidewire_connections_closed_total{category=\"SlowClient\",service=\"signalr\"} 0.0");
    }

    @Test
    void messagesAndBytes() {
        signalr.received("chat", 10);
        signalr.received("chat", 5);
        signalr.delivered("chat", 1000, 20_000);
        signalr.dropped("chat", "backlog");
        signalr.refused("unauthorized");
        signalr.refused("unauthorized");

        assertThat(lines())
                .contains(
                        "tidewire_messages_in_total{hub=\"chat\",service=\"signalr\"} 2.0",
                        "tidewire_bytes_in_total{hub=\"chat\",service=\"signalr\"} 15.0",
                        "tidewire_messages_out_total{hub=\"chat\",service=\"signalr\"} 1000.0",
                        "tidewire_bytes_out_total{hub=\"chat\",service=\"signalr\"} 20000.0",
                        "tidewire_messages_dropped_total{reason=\"backlog\",service=\"signalr\"} 1.0",
                        "tidewire_refused_total{reason=\"unauthorized\",service=\"signalr\"} 2.0");
    }

    @Test
    void callsOfApplications() {
        metrics.webhooks().called("signalr", "messages", "200", Duration.ofMillis(20));
        metrics.webhooks().called("signalr", "messages", "404", Duration.ofMillis(300));
        metrics.webhooks().retried();
        metrics.webhooks().circuitOpened();
        metrics.webhooks().circuitOpened();
        metrics.webhooks().circuitClosed();

        assertThat(lines())
                .contains(
                        "tidewire_webhook_calls_total{category=\"messages\",result=\"200\",service=\"signalr\"} 1.0",
                        "tidewire_webhook_calls_total{category=\"messages\",result=\"404\",service=\"signalr\"} 1.0",
                        "tidewire_webhook_duration_seconds_bucket{category=\"messages\",service=\"signalr\",le=\"0.025\"} 1",
                        "tidewire_webhook_duration_seconds_count{category=\"messages\",service=\"signalr\"} 2",
                        "tidewire_webhook_retries_total 1.0",
                        "tidewire_webhook_circuits_opened_total 2.0",
                        "tidewire_webhook_circuits_open 1.0");
    }

    @Test
    void socketsAndWhatTheyHold() {
        metrics.bufferedBytes(() -> 12);
        metrics.sockets("admin").add(1);
        var sockets = metrics.sockets("signalr");
        sockets.add(3);
        sockets.decrement();
        metrics.acceptPauses("signalr").increment();

        assertThat(lines())
                .contains(
                        "tidewire_buffered_bytes 12.0",
                        "tidewire_sockets{listener=\"admin\"} 1.0",
                        "tidewire_sockets{listener=\"signalr\"} 2.0",
                        "tidewire_accept_pauses_total{listener=\"signalr\"} 1.0");
    }

    @Test
    void servicesAreToldApart() {
        metrics.observer("webpubsub").opened("chat");
        signalr.opened("chat");

        assertThat(lines())
                .contains(
                        "tidewire_connections{hub=\"chat\",service=\"signalr\"} 1.0",
                        "tidewire_connections{hub=\"chat\",service=\"webpubsub\"} 1.0");
    }

    /** Callers choose hub names, so names must not be able to fill the memory. */
    @Test
    void hubsThatComeLateShareOneSeries() {
        for (int i = 0; i < 1000; i++) {
            signalr.opened("hub" + i);
        }
        signalr.opened("other");
        signalr.closed("hub999", Disconnect.NORMAL);
        signalr.closed("hub99", Disconnect.NORMAL);

        assertThat(lines().stream().filter(line -> line.startsWith("tidewire_connections{")))
                .hasSize(HubMetrics.MAX_HUBS + 1)
                .contains(
                        "tidewire_connections{hub=\"hub0\",service=\"signalr\"} 1.0",
                        "tidewire_connections{hub=\"hub99\",service=\"signalr\"} 0.0",
                        "tidewire_connections{hub=\"other\",service=\"signalr\"} 900.0");
    }

    @Test
    void countsFromManyThreadsAddUp() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 10_000; i++) {
                    signalr.opened("hub" + i % 150);
                    signalr.delivered("hub" + i % 150, 2, 3);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(sum("tidewire_connections{")).isEqualTo(80_000);
        assertThat(sum("tidewire_messages_out_total{")).isEqualTo(160_000);
        assertThat(sum("tidewire_bytes_out_total{")).isEqualTo(240_000);
    }

    @Test
    void requests() {
        metrics.request("signalr", "Broadcast", 202, TimeUnit.MILLISECONDS.toNanos(3));
        metrics.request("signalr", "Broadcast", 202, TimeUnit.MILLISECONDS.toNanos(30));
        metrics.request("signalr", "Broadcast", 401, TimeUnit.MILLISECONDS.toNanos(1));
        metrics.request("signalr", "", 404, 1);

        String operation = "listener=\"signalr\",operation=\"Broadcast\"";
        assertThat(lines())
                .contains(
                        "tidewire_http_requests_total{" + operation + ",status=\"202\"} 2.0",
                        "tidewire_http_requests_total{" + operation + ",status=\"401\"} 1.0",
                        "tidewire_http_requests_total{listener=\"signalr\",operation=\"none\",status=\"404\"} 1.0",
                        "tidewire_http_request_duration_seconds_bucket{" + operation + ",le=\"0.005\"} 2",
                        "tidewire_http_request_duration_seconds_bucket{" + operation + ",le=\"+Inf\"} 3",
                        "tidewire_http_request_duration_seconds_count{" + operation + "} 3");
    }

    @Test
    void theRuntimeAndTheBuild() {
        String scrape = metrics.scrape();

        assertThat(scrape)
                .contains("version=\"1.2.3\"")
                .contains("\njvm_memory_used_bytes{area=\"heap\"")
                .contains("\njvm_buffer_memory_used_bytes{id=\"direct\"}")
                .contains("\njvm_threads_live_threads ")
                .contains("\nprocess_uptime_seconds ")
                .contains("\nprocess_cpu_usage ")
                .contains("\ntidewire_buffers_direct_bytes ")
                .contains("\ntidewire_log_lines_dropped_total ");
        assertThat(scrape.lines().filter(line -> line.startsWith("tidewire_build")))
                .singleElement()
                .asString()
                .startsWith("tidewire_build_info{");
        assertThat(metrics.scrape()).contains("\njvm_memory_used_bytes{area=\"heap\"");
    }

    private List<String> lines() {
        return metrics.scrape().lines().toList();
    }

    private double sum(String prefix) {
        return lines().stream()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
