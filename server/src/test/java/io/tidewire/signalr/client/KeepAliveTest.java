package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.PING;
import static io.tidewire.signalr.client.HubClient.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.transport.RawWebSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pings of the server, and the end of clients that say nothing (reference D.5). */
class KeepAliveTest {
    private static final String TIMED_OUT =
            "{\"type\":7,\"error\":\"Connection ping timeout\",\"allowReconnect\":true}";
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void pingComesOncePerIntervalOfSilence() {
        try (var server = TestTidewire.with().keepAlive(Duration.ofMillis(200)).start()) {
            long start = System.nanoTime();
            try (HubClient client = HubClient.json(server, "chat");
                    HubClient packed = HubClient.messagePack(server, "chat")) {
                for (int i = 0; i < 4; i++) {
                    assertThat(client.next()).isEqualTo(PING);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as("four intervals")
                        .isGreaterThan(Duration.ofMillis(4 * 200 - 50));
                RawWebSocket.Frame ping = packed.socket.read();
                assertThat(ping.opcode()).isEqualTo(RawWebSocket.BINARY);
                assertThat(ping.payload()).containsExactly(2, 0x91, 6);
            }
        }
    }

    /** What is sent anyway shows that the server lives. */
    @Test
    void trafficTakesThePlaceOfPings() {
        Duration interval = Duration.ofMillis(500);
        try (var server = TestTidewire.with().keepAlive(interval).start();
                HubClient client = HubClient.json(server, "chat");
                var rest = server.rest()) {
            long start = System.nanoTime();
            for (int i = 0; System.nanoTime() - start < 3 * interval.toNanos(); i++) {
                rest.send("chat", "", "t", "[" + i + "]");
                assertThat(client.next()).isEqualTo(call("t", "[" + i + "]"));
            }
            assertThat(client.next()).isEqualTo(PING);
        }
    }

    @Test
    void silentClientIsClosed() {
        try (var server =
                TestTidewire.with().clientTimeout(Duration.ofMillis(300), false).start()) {
            long start = System.nanoTime();
            try (HubClient client = HubClient.json(server, "chat")) {
                client.expectClose(TIMED_OUT, 1000);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(250));
            assertThat(server.closed("PingTimeout")).isEqualTo(1);
            assertThat(server.connections("chat")).isZero();
        }
    }

    @Test
    void clientThatPingsLives() {
        try (var server = TestTidewire.with()
                        .keepAlive(Duration.ofMillis(100))
                        .clientTimeout(Duration.ofSeconds(2), false)
                        .start();
                HubClient client = HubClient.json(server, "chat")) {
            for (int i = 0; i < 60; i++) {
                assertThat(client.next()).isEqualTo(PING);
                client.send(PING);
            }
            assertThat(server.closed("PingTimeout")).isZero();
        }
    }

    @Test
    void clientThatNeverPingedMayBeSparedUntilItDoes() {
        try (var server = TestTidewire.with()
                        .keepAlive(Duration.ofMillis(100))
                        .clientTimeout(Duration.ofMillis(250), true)
                        .start();
                HubClient client = HubClient.json(server, "chat")) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.next()).isEqualTo(PING);
            }
            client.send(PING);
            client.expectClose(TIMED_OUT, 1000);
        }
    }

    @Test
    void packedClientIsToldOfTheTimeout() {
        try (var server = TestTidewire.with()
                        .keepAlive(LONG)
                        .clientTimeout(Duration.ofMillis(200), false)
                        .start();
                HubClient client = HubClient.messagePack(server, "chat")) {
            byte[] told = client.socket.read().payload();
            assertThat(told).startsWith(27, 0x93, 7, 0xA0 + 23, 'C').endsWith('t', 0xC3);
            client.expectClose(null, 1000);
        }
    }
}
