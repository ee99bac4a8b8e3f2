package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.upstream.WebhookOutcome.Failed;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Row F8: one host that is dead, slow or flapping slows nobody else, and is not called more than it can bear. */
class BulkheadTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void aHostAtItsLimitHoldsUpNobodyElse() {
        try (var stuck = new RawApplication(RawApplication.Wire::awaitEnd);
                var well = Application.answering(200, "ok");
                var client = Client.with()
                        .timeout(Duration.ofMinutes(1))
                        .limits(5, 8 * 1024)
                        .open()) {
            var calls = new ArrayList<CompletableFuture<WebhookOutcome>>();
            for (int i = 0; i < 12; i++) {
                calls.add(client.send(stuck.url()));
            }
            await().atMost(SOON).until(() -> stuck.connections.get() == 5);

            for (int i = 0; i < 20; i++) {
                assertThat(client.answered(well.url("/")).status()).isEqualTo(200);
            }

            assertThat(stuck.connections).hasValue(5);
            assertThat(calls).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void moreThanMayWaitIsRefusedWithTheLimitsAndTheirSettings() {
        try (var stuck = new RawApplication(RawApplication.Wire::awaitEnd);
                var client = Client.with().limits(2, 5 * 1024).open()) {
            var calls = new ArrayList<CompletableFuture<WebhookOutcome>>();
            for (int i = 0; i < 10; i++) {
                calls.add(client.send(stuck.url()));
            }
            // 2 under way; 4 wait, each of 1 KiB, 2 bytes and four times its URL.
            int waiting = 4 * (1024 + 2 + 4 * stuck.url().toString().length());
            await().atMost(SOON)
                    .until(() ->
                            calls.stream().filter(CompletableFuture::isDone).count() == 4);

            Failed refused = client.failed(stuck.url());
            assertThat(refused.reason()).isEqualTo(Reason.OVERLOADED);
            assertThat(refused.detail())
                    .isEqualTo(stuck.url() + ": 2 calls are under way (upstream.maxConnections) and 4 with " + waiting
                            + " bytes wait (upstream.maxWaitingBytes is 5120)");
        }
    }

    @Test
    void aCallThatWaitedTooLongSaysForWhat() {
        var settings = new WebhookSettings(
                WebhookSettings.Addresses.ANY,
                List.of(),
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                Duration.ofSeconds(4),
                1024,
                1,
                1 << 20,
                0,
                CircuitSettings.DEFAULT);
        var lane = new Lane(target("app.example"), settings, WebhookObserver.NONE, System::nanoTime);
        lane.enter(new Busy());
        var ending = new CompletableFuture<Ending>();
        try (var workers = Executors.newVirtualThreadPerTaskExecutor();
                var timer = Executors.newScheduledThreadPool(1);
                var names = new NameLookup(InetAddress::getAllByName);
                var dialer = new Dialer(settings, null)) {
            var policy = new AddressPolicy(settings);
            var shop = new Workshop(settings, policy, names, dialer, workers, timer, WebhookObserver.NONE);

            new Attempt(
                            shop,
                            lane,
                            target("app.example"),
                            Client.request(URI.create("http://app.example/")),
                            ending::complete)
                    .enter();

            assertThat(ending)
                    .succeedsWithin(SOON)
                    .isEqualTo(new Ending.Failure(
                            Reason.OVERLOADED,
                            "waited 200ms (upstream.timeout) for one of 1 calls to end (upstream.maxConnections)"));
        }
    }

    @Test
    void whoWaitsGetsItsTurn() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        try (var app = new Application(exchange -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    Application.answer(exchange, 200, "");
                });
                var client = Client.with().limits(1, 1 << 20).open()) {
            var calls = new ArrayList<CompletableFuture<WebhookOutcome>>();
            for (int i = 0; i < 200; i++) {
                calls.add(client.send(app.url("/")));
            }

            calls.forEach(call -> Client.answered(Client.await(call)));

            assertThat(app.seen).hasSize(200);
            assertThat(most).hasValue(1);
            await().atMost(SOON).until(() -> client.client().underWay() == 0);
        }
    }

    @Test
    void aDeadHostIsLeftAloneAndCalledAgainWhenItIsWell() {
        var dead = new AtomicBoolean(true);
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    if (dead.get()) {
                        wire.reset();
                    } else {
                        wire.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                var well = Application.answering(200, "ok");
                var client = Client.with().circuit(3, Duration.ofMillis(300)).open()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.CONNECTION_LOST);
            }

            Failed refused = client.failed(app.url());
            assertThat(refused.reason()).isEqualTo(Reason.CIRCUIT_OPEN);
            assertThat(refused.detail()).contains("3 of 3 calls failed within 60s", "upstream.circuit.openFor");
            assertThat(client.counts().openCircuits).hasValue(1);
            assertThat(client.answered(well.url("/")).status()).isEqualTo(200);

            dead.set(false);
            await().atMost(SOON).until(() -> client.call(app.url()) instanceof WebhookOutcome.Answered);
            assertThat(client.counts().openCircuits).hasValue(0);
            assertThat(app.requests).hasValue(4);
        }
    }

    @Test
    void whoWaitsForADeadHostLearnsItAtOnce() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.reset();
                });
                var client = Client.with()
                        .limits(1, 1 << 20)
                        .circuit(3, Duration.ofMinutes(1))
                        .open()) {
            var calls = new ArrayList<CompletableFuture<WebhookOutcome>>();
            for (int i = 0; i < 50; i++) {
                calls.add(client.send(app.url()));
            }

            List<Reason> reasons = calls.stream()
                    .map(call -> Client.failed(Client.await(call)).reason())
                    .toList();
            assertThat(reasons).filteredOn(Reason.CONNECTION_LOST::equals).hasSize(3);
            assertThat(reasons).filteredOn(Reason.CIRCUIT_OPEN::equals).hasSize(47);
            assertThat(app.requests).hasValue(3);
        }
    }

    /** An application that stumbles over what one client sends must not be cut off from all others. */
    @Test
    void anApplicationsOwnErrorsDoNotOpenTheCircuit() {
        try (var app = Application.answering(500, "exception");
                var client = Client.with().circuit(3, Duration.ofMinutes(1)).open()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.answered(app.url("/")).status()).isEqualTo(500);
            }
        }
    }

    @Test
    void aGatewaysErrorsDo() {
        try (var app = Application.answering(503, "");
                var client = Client.with().circuit(3, Duration.ofMinutes(1)).open()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.answered(app.url("/")).status()).isEqualTo(503);
            }
            assertThat(client.failed(app.url("/")).reason()).isEqualTo(Reason.CIRCUIT_OPEN);
        }
    }

    /** A template may make a host out of what a client sends. */
    @Test
    void quietHostsAreForgotten() {
        var lanes = new Lanes(WebhookSettings.DEFAULT, WebhookObserver.NONE, System::nanoTime);
        for (int i = 0; i < Lanes.MAX_HOSTS + 5; i++) {
            assertThat(lanes.of(target("h" + i + ".example"))).isNotNull();
        }
        assertThat(lanes.size()).isLessThanOrEqualTo(Lanes.MAX_HOSTS);
    }

    @Test
    void hostsThatAreBusyAreBounded() {
        var lanes = new Lanes(WebhookSettings.DEFAULT, WebhookObserver.NONE, System::nanoTime);
        for (int i = 0; i < Lanes.MAX_HOSTS; i++) {
            Lane lane = lanes.of(target("h" + i + ".example"));
            assertThat(lane != null && lane.enter(new Busy())).isTrue();
        }
        assertThat(lanes.of(target("one-more.example"))).isNull();
    }

    private static Target target(String host) {
        return new Target(false, host, -1, null);
    }

    private record Busy() implements Lane.Try {
        @Override
        public int bytes() {
            return 1;
        }

        @Override
        public void begin(long began) {}

        @Override
        public void refuse(Reason reason, String detail) {}
    }

    @Test
    void aHugeLoadOfCallsComesToItsEnd() {
        try (var app = Application.answering(200, "ok");
                var client = Client.with().limits(20, 64 << 20).open()) {
            var calls = new ArrayList<CompletableFuture<WebhookOutcome>>();
            for (int i = 0; i < 3000; i++) {
                calls.add(client.send(WebhookRequest.post(
                        app.url("/" + i),
                        List.of(),
                        "text/plain",
                        Integer.toString(i).getBytes(StandardCharsets.US_ASCII),
                        false)));
            }

            calls.forEach(call ->
                    assertThat(Client.answered(Client.await(call)).status()).isEqualTo(200));
            assertThat(app.seen.stream().map(Application.Seen::from).distinct().count())
                    .isLessThan(100);
            assertThat(client.counts().calls).containsEntry("2xx", 3000);
        }
    }

    @Test
    void portsAreHostsOfTheirOwn() {
        try (var dead = new RawApplication(RawApplication.Wire::reset);
                var well = Application.answering(200, "ok");
                var client = Client.with().circuit(1, Duration.ofMinutes(1)).open()) {
            client.failed(dead.url());
            assertThat(client.failed(dead.url()).reason()).isEqualTo(Reason.CIRCUIT_OPEN);

            assertThat(client.answered(URI.create("http://127.0.0.1:" + well.port() + "/"))
                            .status())
                    .isEqualTo(200);
        }
    }
}
