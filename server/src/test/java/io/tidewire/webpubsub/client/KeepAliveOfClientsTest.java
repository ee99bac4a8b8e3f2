package io.tidewire.webpubsub.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.auth.Claim;
import io.tidewire.hub.Audience;
import io.tidewire.transport.RawWebSocket;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The clocks of clients, and those who read too slowly (reference D.5, J). */
class KeepAliveOfClientsTest {
    private static ClientServer.Setup quick() {
        return ClientServer.with().clocks(Duration.ofMillis(150), Duration.ofMillis(600), Duration.ofSeconds(10));
    }

    private static RawWebSocket.Frame ping(RawWebSocket socket) {
        RawWebSocket.Frame frame = socket.read();
        assertThat(frame.opcode()).isEqualTo(RawWebSocket.PING);
        return frame;
    }

    @Test
    void whoIsSilentIsPingedAndWhoAnswersStays() {
        try (var server = quick().start();
                var socket = RawWebSocket.connect(server.port(), server.target("chat"))) {
            for (int i = 0; i < 8; i++) {
                socket.frame(RawWebSocket.FIN | RawWebSocket.PONG, ping(socket).payload());
            }
            assertThat(server.closed).isEmpty();
        }
    }

    @Test
    void whoAnswersStaysAlsoOverASocketOfAnotherLoop() {
        try (var server = quick().start();
                var client = PubSubClient.reliable(server, "chat")) {
            // Connections are dealt to the loops in turn, so one of two is on the other one.
            for (int round = 0; round < 2; round++) {
                client.lose();
                client.comeBack();
                for (int i = 0; i < 8; i++) {
                    client.socket.frame(
                            RawWebSocket.FIN | RawWebSocket.PONG,
                            ping(client.socket).payload());
                }
            }
            assertThat(server.closed).isEmpty();
        }
    }

    @Test
    void whoReceivesAllTheTimeIsPingedToo() {
        try (var server = ClientServer.with()
                        .clocks(Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(20))
                        .start();
                var socket = RawWebSocket.connect(server.port(), server.target("chat"))) {
            long begin = System.nanoTime();
            boolean pinged = false;
            while (!pinged && System.nanoTime() - begin < Duration.ofSeconds(10).toNanos()) {
                ClientServer.await(server.hub("chat")
                        .send(
                                Audience.all(),
                                new ServiceMessage.FromServer(
                                        new Payload(DataType.TEXT, "m".getBytes(UTF_8)), Metadata.NONE, 0)));
                pinged = socket.read().opcode() == RawWebSocket.PING;
            }
            assertThat(pinged).isTrue();
        }
    }

    @Test
    void whoDoesNotAnswerIsDropped() {
        try (var server = quick().start();
                var socket = RawWebSocket.connect(server.port(), server.target("chat"))) {
            RawWebSocket.Frame frame = ping(socket);
            while (frame.opcode() == RawWebSocket.PING) {
                frame = socket.read();
            }
            assertThat(frame.closeCode()).isEqualTo(1001);
            await().untilAsserted(() -> assertThat(server.closed).containsExactly("PingTimeout"));
        }
    }

    @Test
    void aReliableClientThatDoesNotAnswerMayComeBack() {
        try (var server = quick().start();
                var client = PubSubClient.reliable(server, "chat")) {
            RawWebSocket.Frame frame = ping(client.socket);
            while (frame.opcode() == RawWebSocket.PING) {
                frame = client.socket.read();
            }
            assertThat(frame.closeCode()).isEqualTo(1001);
            client.comeBack();
            client.settle();
            assertThat(server.closed).isEmpty();
        }
    }

    @Test
    void noClientLivesLongerThanItsHubAllows() {
        try (var server = quick().hub("short", new AdmissionSettings(false, Duration.ofMillis(400), List.of()))
                        .start();
                var client = PubSubClient.open(server, "short");
                var other = PubSubClient.open(server, "long")) {
            RawWebSocket.Frame frame = client.socket.read();
            for (int pings = 0; pings < 50 && frame.opcode() == RawWebSocket.PING; pings++) {
                client.socket.frame(RawWebSocket.FIN | RawWebSocket.PONG);
                frame = client.socket.read();
            }
            assertThat(frame.text()).contains("\"event\":\"disconnected\"").contains("maxConnectionLifetime");
            assertThat(client.socket.readClose().closeCode()).isEqualTo(1000);
            assertThat(server.closed).containsExactly("Normal");
            other.say("{\"type\":\"ping\"}");
            assertThat(other.connectionId).isNotEmpty();
        }
    }

    /** B24. */
    @Test
    void b24WhoDoesNotReadIsClosedAndOthersGetEverything() {
        try (var server =
                        ClientServer.with().webSocket(1 << 20, 256 * 1024, 1000).start();
                var slow = RawWebSocket.open(server.port(), 4096)
                        .upgrade(server.target("chat", Claim.of("webpubsub.group", "g")));
                var quickOne = PubSubClient.open(server, "chat", Claim.of("webpubsub.group", "g"))) {
            String large = "x".repeat(20_000);
            int sent = 0;
            while (server.closed.isEmpty() && sent < 2000) {
                ClientServer.await(server.hub("chat")
                        .send(
                                Audience.group("g"),
                                new ServiceMessage.FromGroup(
                                        "g",
                                        null,
                                        new Payload(DataType.TEXT, (sent + large).getBytes(UTF_8)),
                                        Metadata.NONE,
                                        0,
                                        null)));
                assertThat(quickOne.hear()).contains("\"data\":\"" + sent + "x");
                sent++;
            }
            assertThat(server.closed).containsExactly("SlowClient");
            quickOne.settle();
            assertThat(slow.socket().isConnected()).isTrue();
        }
    }
}
