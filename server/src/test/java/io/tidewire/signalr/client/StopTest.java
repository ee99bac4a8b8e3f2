package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stop tells every client, answers what runs, takes nothing new, and ends in time. */
class StopTest {
    private static final String RELOADING =
            "{\"type\":7,\"error\":\"Service reloading, try reconnecting\",\"allowReconnect\":true}";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static CompletableFuture<Void> stop(TestTidewire server) {
        return CompletableFuture.runAsync(
                server::close, task -> Thread.ofVirtual().start(task));
    }

    private static void awaitStopping(TestTidewire server) {
        await().until(() -> server.admin("/readyz").status() == 503);
    }

    @Test
    void connectedClientsAreToldAndMayReconnect() throws Exception {
        try (var server = TestTidewire.with().shutdownTimeout(PATIENCE).start();
                HubClient json = HubClient.json(server, "chat");
                HubClient packed = HubClient.messagePack(server, "news")) {
            assertThat(server.admin("/readyz").status()).isEqualTo(200);
            var stopped = stop(server);

            assertThat(json.next()).isEqualTo(RELOADING);
            assertThat(json.socket.readClose().closeCode()).isEqualTo(1001);
            // Not answered yet, so the server waits.
            assertThat(server.admin("/readyz").status()).isEqualTo(503);
            assertThat(server.admin("/readyz").text()).contains("signalr");
            assertThat(server.closed("ServiceReload")).isEqualTo(2);
            assertThatThrownBy(() -> RawHttp.connect(server.address()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(ConnectException.class);
            assertThat(stopped).isNotDone();

            json.socket.sendClose(1001, "");
            assertThat(packed.socket.read().text()).contains("Service reloading, try reconnecting");
            packed.expectClose(null, 1001);
            stopped.get(3, TimeUnit.SECONDS);
        }
    }

    @Test
    void streamsAndPollsAreToldAndEnd() throws Exception {
        try (var server = TestTidewire.with()
                        .shutdownTimeout(PATIENCE)
                        .set("longPolling.idleTimeout=60s")
                        .start();
                var stream = PostingClient.streaming(server, "chat").shakeHands();
                var polling = PostingClient.polling(server, "chat");
                var between = PostingClient.polling(server, "chat")) {
            polling.shakeHands();
            between.shakeHands();
            RawHttp waiting = polling.waiting();
            // The third is between two polls: nobody can tell it, and nobody waits for it.
            var stopped = stop(server);

            assertThat(stream.next()).isEqualTo(RELOADING);
            stream.expectEnd();
            RawHttp.Answer last = waiting.read();
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.text()).isEqualTo(RELOADING + HubClient.END);
            assertThat(last.header("Connection")).isEqualToIgnoringCase("close");
            assertThat(waiting.ended()).isTrue();
            stopped.get(3, TimeUnit.SECONDS);
        }
    }

    @Test
    void pollsAndStreamsInTheirHandshakeAreEnded() throws Exception {
        try (var server = TestTidewire.with().shutdownTimeout(PATIENCE).start();
                var stream = PostingClient.streaming(server, "chat");
                var polling = PostingClient.polling(server, "chat")) {
            RawHttp waiting = polling.waiting();
            var stopped = stop(server);
            stream.expectEnd();
            assertThat(waiting.read().status()).isEqualTo(204);
            stopped.get(3, TimeUnit.SECONDS);
        }
    }

    /** They are no members of any hub yet, and would hold up the stop if nobody told them. */
    @Test
    void clientsInTheirHandshakeAreClosed() throws Exception {
        try (var server = TestTidewire.with().shutdownTimeout(PATIENCE).start();
                HubClient client = HubClient.upgraded(server, "chat")) {
            var stopped = stop(server);

            client.expectClose(null, 1001);
            stopped.get(3, TimeUnit.SECONDS);
        }
    }

    @Test
    void runningRequestIsAnsweredAndItsConnectionEnded() throws Exception {
        String body = "{\"target\":\"t\",\"arguments\":[]}";
        try (var server = TestTidewire.with().shutdownTimeout(PATIENCE).start();
                var rest = server.rest();
                HubClient client = HubClient.json(server, "chat")) {
            rest.http()
                    .send("POST /api/v1/hubs/chat HTTP/1.1\r\nHost: localhost\r\n" + rest.authorization()
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + body.substring(0, 5));
            // Behind it on another connection, so that the server has the first part.
            assertThat(HubClient.negotiate(server, "?hub=chat", server.bearer("chat"))
                            .status())
                    .isEqualTo(200);
            var stopped = stop(server);
            client.expectClose(RELOADING, 1001);
            assertThat(stopped).isNotDone();

            rest.http().send(body.substring(5));
            RawHttp.Answer answer = rest.http().read();
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
            assertThat(rest.http().ended()).isTrue();
            stopped.get(3, TimeUnit.SECONDS);
        }
    }

    /** Its connection was there before the stop. */
    @Test
    void clientThatNeverAnswersDoesNotHoldUpTheStop() throws Exception {
        Duration timeout = Duration.ofSeconds(1);
        try (var server = TestTidewire.with()
                        .shutdownTimeout(timeout)
                        .webSocket(1024, 64 * 1024, Duration.ofMinutes(5))
                        .start();
                HubClient client = HubClient.json(server, "chat")) {
            long start = System.nanoTime();
            var stopped = stop(server);
            awaitStopping(server);
            stopped.get(4, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(timeout.minusMillis(200), timeout.plusSeconds(2));

            assertThat(client.next()).isEqualTo(RELOADING);
            assertThat(client.socket.readClose().closeCode()).isEqualTo(1001);
            client.socket.readToEnd();
            assertThatThrownBy(() -> RawHttp.connect(server.adminAddress())).isInstanceOf(UncheckedIOException.class);
        }
    }
}
