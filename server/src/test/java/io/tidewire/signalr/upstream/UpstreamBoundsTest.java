package io.tidewire.signalr.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.signalr.upstream.Application.Answer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that send faster than their upstream takes. */
class UpstreamBoundsTest {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Application application = Application.that(request -> {
        try {
            assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return Answer.of(200);
    });

    @AfterEach
    void close() {
        gate.countDown();
        application.close();
    }

    private TestTidewire server(String... settings) {
        return TestTidewire.with()
                .set(
                        "upstream.addresses=any",
                        "signalr.upstream=[{url: '" + application.url("/") + "', categories: messages}]")
                .set(settings)
                .start();
    }

    private static String message(int number, int bytes) {
        return "{\"type\":1,\"target\":\"m" + number + "\",\"arguments\":[\"" + "x".repeat(bytes) + "\"]}";
    }

    /** What the server does not read fills the sockets, and the client waits: nothing grows, and nothing is lost. */
    @Test
    void theServerStopsReadingAndLosesNothing() throws Exception {
        int count = 80;
        int size = 100_000;
        var sent = new AtomicInteger();
        try (var server = server("signalr.upstreamCalls.maxWaitingBytes=1MiB", "network.maxBufferedBytes=64MiB");
                var client = Client.json(server, "chat")) {
            client.socket.socket().setSendBufferSize(16 * 1024);
            Thread sender = Thread.startVirtualThread(() -> {
                for (int i = 0; i < count; i++) {
                    client.send(message(i, size));
                    sent.incrementAndGet();
                }
            });
            application.next("m0");
            await().until(() -> {
                int before = sent.get();
                TimeUnit.MILLISECONDS.sleep(200);
                return before == sent.get();
            });
            assertThat(sent.get()).isLessThan(count);
            assertThat(server.metric("tidewire_buffered_bytes")).isBetween(64_000.0, 1_048_576.0);
            gate.countDown();

            for (int i = 1; i < count; i++) {
                application.next("m" + i);
            }
            assertThat(sender.join(java.time.Duration.ofSeconds(20))).isTrue();
            await().until(() -> server.metric("tidewire_buffered_bytes") == 0);
        }
    }

    @Test
    void whatWasReadAlreadyIsBoundedByALimitWithAName() {
        var messages = new String[1000];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = message(i, 10);
        }
        try (var server = server("signalr.upstreamCalls.maxWaitingBytes=64KiB");
                var client = Client.json(server, "chat")) {
            client.send(messages);

            assertThat(client.next())
                    .isEqualTo("{\"type\":7,\"error\":\"Too many messages wait for the upstream: more than 65536 bytes "
                            + "(setting signalr.upstreamCalls.maxWaitingBytes)\",\"allowReconnect\":true}");
            await().until(() -> server.closed("Throttled") == 1);
            gate.countDown();
            await().until(() -> server.metric("tidewire_buffered_bytes") == 0);
        }
    }

    @Test
    void allClientsTogetherAreBounded() {
        try (var server = server("network.maxBufferedBytes=2MiB");
                var first = Client.json(server, "chat");
                var second = Client.json(server, "chat");
                var rest = server.rest()) {
            first.send(message(0, 700_000));
            application.next("m0");
            var messages = new String[300]; // which fit, but for what each costs besides
            for (int i = 0; i < messages.length; i++) {
                messages[i] = message(i + 1, 930);
            }
            second.send(messages);

            assertThat(second.next()).contains("network.maxBufferedBytes");
            rest.send("other", "", "t", "[\"" + "x".repeat(900_000) + "\"]");
            gate.countDown();
            await().until(() -> server.metric("tidewire_buffered_bytes") == 0);
        }
    }

    @Test
    void oneMessageIsAlwaysTaken() {
        gate.countDown();
        try (var server = server("signalr.upstreamCalls.maxWaitingBytes=64KiB");
                var client = Client.json(server, "chat")) {
            client.send(message(0, 500_000)).send(message(1, 500_000));

            application.next("m0");
            application.next("m1");
        }
    }

    /** Each such name is six times as long in a URL as in memory, and stands in it more than once. */
    @Test
    void whatWaitsTakesNoMoreMemoryThanIsCounted() {
        String name = "\u00e9".repeat(300);
        int count = 3_000;
        try (var server = TestTidewire.with()
                        .set(
                                "upstream.addresses=any",
                                "signalr.upstream=[{url: '" + application.url("/{event}") + "', categories: messages}]",
                                "signalr.upstreamCalls.maxWaitingBytes=1GiB")
                        .start();
                var client = Client.json(server, "chat")) {
            long before = usedMemory();
            for (int i = 0; i < count; i++) {
                client.send("{\"type\":1,\"target\":\"" + name + "\",\"arguments\":[]}");
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> server.metric("tidewire_buffered_bytes") > (count - 1) * 1_400.0);

            // The rest of this process is in the measure, too.
            assertThat(usedMemory() - before).isLessThan((long) (2.5 * server.metric("tidewire_buffered_bytes")));
        }
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
