package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.upstream.WebhookOutcome.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a request is sent again, and when not; and what a stop does. */
class RepeatTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @Test
    void aKeptConnectionThatTheApplicationClosedIsNoFailure() {
        var closed = new AtomicInteger();
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write(OK);
                    wire.close();
                    closed.incrementAndGet();
                });
                var client = Client.any()) {
            for (int i = 0; i < 20; i++) {
                int call = i;
                await().atMost(SOON).until(() -> closed.get() == call);
                assertThat(client.answered(app.url()).status()).isEqualTo(200);
            }
            assertThat(app.requests).hasValue(20);
        }
    }

    /** The application closes while the next request is on its way to it: it may or may not have been read. */
    @Test
    void aMessageThatMayHaveBeenReadIsNotSentAgain() {
        try (var app = new RawApplication(this::closeOnTheSecond);
                var client = Client.any()) {
            client.answered(app.url());

            assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.CONNECTION_LOST);
            assertThat(app.requests).hasValue(2);
        }
    }

    @Test
    void aRepeatableRequestIsSentAgainOnAnotherConnection() {
        try (var app = new RawApplication(this::closeOnTheSecond);
                var client = Client.any()) {
            client.answered(app.url());

            assertThat(Client.answered(client.call(Client.repeatable(app.url())))
                            .status())
                    .isEqualTo(200);
            assertThat(app.requests).hasValue(3);
        }
    }

    private void closeOnTheSecond(RawApplication.Wire wire) throws IOException {
        wire.request();
        wire.write(OK);
        wire.request();
    }

    @Test
    void connectionsAreClosedWhenTheyAreIdleForTooLong() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write(OK);
                    wire.awaitEnd();
                });
                var client = Client.with().idleTimeout(Duration.ofMillis(200)).open()) {
            client.answered(app.url());

            await().atMost(SOON).until(() -> app.ended.get() == 1);
        }
    }

    @Test
    void anApplicationMayAnnounceThatItClosesSooner() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n");
                    wire.awaitEnd();
                });
                var client = Client.with().idleTimeout(Duration.ofHours(1)).open()) {
            client.answered(app.url());

            await().atMost(SOON).until(() -> app.ended.get() == 1);
        }
    }

    @Test
    void aFailedCallIsTriedAgainWhereThatIsAskedForAndAllowed() {
        var times = new AtomicInteger();
        try (var app = new Application(
                        exchange -> Application.answer(exchange, times.incrementAndGet() == 1 ? 503 : 200, ""));
                var client = Client.with().retries(1).open()) {
            WebhookOutcome outcome = client.call(Client.repeatable(app.url("/")));

            assertThat(Client.answered(outcome).status()).isEqualTo(200);
            assertThat(outcome.took()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(client.counts().retries).hasValue(1);
            assertThat(client.counts().calls).containsOnlyKeys("2xx");
        }
    }

    @Test
    void aMessageIsNeverTriedAgain() {
        try (var app = Application.answering(503, "");
                var client = Client.with().retries(3).open()) {
            assertThat(client.answered(app.url("/")).status()).isEqualTo(503);
            assertThat(app.seen).hasSize(1);
        }
    }

    @Test
    void triesComeToAnEnd() {
        try (var app = Application.answering(502, "");
                var client = Client.with().retries(1).open()) {
            assertThat(Client.answered(client.call(Client.repeatable(app.url("/"))))
                            .status())
                    .isEqualTo(502);
            assertThat(app.seen).hasSize(2);
        }
    }

    @Test
    void anOpenCircuitEndsTheTries() {
        try (var app = Application.answering(502, "");
                var client = Client.with()
                        .retries(3)
                        .circuit(1, Duration.ofMinutes(1))
                        .open()) {
            assertThat(Client.failed(client.call(Client.repeatable(app.url("/"))))
                            .reason())
                    .isEqualTo(Reason.CIRCUIT_OPEN);
            assertThat(app.seen).hasSize(1);
        }
    }

    @Test
    void aStopEndsWhatIsUnderWayAndWhatWaits() {
        try (var stuck = new RawApplication(RawApplication.Wire::awaitEnd);
                var client = Client.with().limits(1, 1 << 20).open()) {
            CompletableFuture<WebhookOutcome> running = client.send(stuck.url());
            CompletableFuture<WebhookOutcome> waiting = client.send(stuck.url());
            await().atMost(SOON).until(() -> stuck.connections.get() == 1);

            client.client().close(Duration.ZERO);

            assertThat(Client.failed(Client.await(running)).reason()).isEqualTo(Reason.STOPPED);
            assertThat(Client.failed(Client.await(waiting)).reason()).isEqualTo(Reason.STOPPED);
            assertThat(client.failed(stuck.url()).reason()).isEqualTo(Reason.STOPPED);
            await().atMost(SOON).until(() -> client.client().underWay() == 0);
            await().atMost(SOON).until(() -> stuck.ended.get() == 1);
            assertThat(stuck.connections).hasValue(1);
        }
    }

    @Test
    void aStopWithGraceLetsCallsFinish() {
        try (var app = new Application(exchange -> {
                    Application.answer(exchange, 200, "done");
                });
                var client = Client.any()) {
            CompletableFuture<WebhookOutcome> call = client.send(app.url("/"));

            client.client().close(SOON);

            assertThat(Client.answered(Client.await(call)).status()).isEqualTo(200);
        }
    }

    @Test
    void nothingIsLeftRunning() {
        try (var app = Application.answering(200, "")) {
            var client = Client.any();
            client.answered(app.url("/"));
            client.close();
        }

        await().atMost(SOON)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("tidewire-upstream")
                                || thread.getName().startsWith("tidewire-webhook")));
    }
}
