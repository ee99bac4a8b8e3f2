package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.END;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.signalr.client.HubClient.Negotiated;
import io.tidewire.transport.RawWebSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections are ended, and what the client is told (reference D.6). */
class CloseTest {
    private static final Claim DETAILS = Claim.of("asrs.s.derror", "True");

    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.with()
                .webSocket(4096, 1024 * 1024, Duration.ofSeconds(5))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void delete(String path, int status) {
        try (var rest = server.rest()) {
            assertThat(rest.call("DELETE", path).status()).isEqualTo(status);
        }
    }

    @Test
    void closeOverRestTellsTheReason() {
        double before = server.closed("ClosedByAppServer");
        Negotiated negotiated = HubClient.negotiated(server, "rest");
        try (HubClient client = HubClient.upgraded(server, "rest", negotiated).shakeHands()) {
            delete("/api/v1/hubs/rest/connections/" + negotiated.connectionId() + "?reason=See%20%22you%22", 202);

            client.expectClose("{\"type\":7,\"error\":\"See \\\"you\\\"\",\"allowReconnect\":true}", 1000);
        }
        await().until(() -> server.closed("ClosedByAppServer") == before + 1);
        assertThat(server.connections("rest")).isZero();
    }

    @Test
    void closeOverRestNeedsNoReason() {
        Negotiated negotiated = HubClient.negotiated(server, "rest");
        try (HubClient client = HubClient.upgraded(server, "rest", negotiated).shakeHands()) {
            delete("/api/hubs/rest/connections/" + negotiated.connectionId() + "?api-version=2022-06-01", 200);

            client.expectClose("{\"type\":7,\"allowReconnect\":true}", 1000);
        }
    }

    @Test
    void packedClientIsToldTheReason() {
        try (HubClient client = HubClient.messagePack(server, "packed", SignalRClaims.user("u"));
                var rest = server.rest()) {
            assertThat(rest.call("POST", "/api/hubs/packed/users/u/:closeConnections?api-version=2022-06-01&reason=bye")
                            .status())
                    .isEqualTo(204);

            RawWebSocket.Frame told = client.socket.read();
            assertThat(told.opcode()).isEqualTo(RawWebSocket.BINARY);
            assertThat(told.payload()).containsExactly(7, 0x93, 7, 0xA3, 'b', 'y', 'e', 0xC3);
            client.expectClose(null, 1000);
        }
    }

    /** What was sent before the close arrives before it. */
    @Test
    void messagesBeforeTheCloseArrive() {
        try (HubClient client = HubClient.json(server, "before", SignalRClaims.user("u"));
                var rest = server.rest()) {
            for (int i = 0; i < 50; i++) {
                rest.send("before", "/users/u", "t", "[" + i + "]");
            }
            rest.call("POST", "/api/hubs/before/:closeConnections?api-version=2022-06-01");
            for (int i = 0; i < 50; i++) {
                assertThat(client.next()).isEqualTo(HubClient.call("t", "[" + i + "]"));
            }
            client.expectClose("{\"type\":7,\"allowReconnect\":true}", 1000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "{}", "{\"type\":\"1\"}", "{\"type\":1}", "{\"type\":6", "[]"})
    void protocolViolationForbidsReconnect(String violation) {
        double before = server.closed("BadRequest");
        try (HubClient client = HubClient.json(server, "chat")) {
            client.send(violation);
            client.expectClose("{\"type\":7,\"error\":\"Connection closed with an error.\"}", 1007);
        }
        await().until(() -> server.closed("BadRequest") == before + 1);
    }

    @Test
    void packedProtocolViolationForbidsReconnect() {
        byte[] error = "Connection closed with an error.".getBytes(UTF_8);
        try (HubClient client = HubClient.messagePack(server, "chat")) {
            client.socket.binary(new byte[] {-1, -1, -1, -1, -1});

            byte[] told = client.socket.read().payload();
            assertThat(told)
                    .startsWith(error.length + 5, 0x93, 7, 0xD9, error.length)
                    .endsWith('.', 0xC2);
            client.expectClose(null, 1007);
        }
    }

    @Test
    void detailsAreForThoseWhoseTokenAsksForThem() {
        try (HubClient client = HubClient.json(server, "chat", DETAILS)) {
            client.send("{\"type\":1,\"target\":\"t\",\"target\":\"secret\"}");

            String told = client.next();
            assertThat(told).matches("\\{\"type\":7,\"error\":\"[^\"\\\\]*'?target'?[^\"\\\\]*\"}");
            assertThat(told).doesNotContain("secret");
            client.expectClose(null, 1007);
        }
    }

    @Test
    void messageOverTheLimitIsToldTheLimitAndItsSetting() {
        double before = server.closed("BadRequest");
        try (HubClient client = HubClient.json(server, "big")) {
            client.socket.text("x".repeat(4097));

            RawWebSocket.Frame close = client.socket.readClose();
            assertThat(close.closeCode()).isEqualTo(1009);
            assertThat(close.closeReason()).contains("4096", "websocket.maxMessageBytes");
        }
        await().until(() -> server.closed("BadRequest") == before + 1);
        assertThat(server.connections("big")).isZero();
    }

    /** The limit is for hub messages too, which may be spread over any number of WebSocket messages. */
    @Test
    void hubMessageOverTheLimitIsRefused() {
        try (HubClient client = HubClient.json(server, "chat", DETAILS)) {
            client.socket.text("{\"type\":6,\"more\":\"" + "x".repeat(3000));
            client.socket.text("x".repeat(3000) + "\"}" + END);

            assertThat(client.next()).contains("4096 bytes");
            client.expectClose(null, 1007);
        }
    }

    @Test
    void closeOfTheWebSocketIsAnsweredAndNormal() {
        double before = server.closed("Normal");
        try (HubClient client = HubClient.json(server, "gone")) {
            client.socket.sendClose(1000, "");
            assertThat(client.socket.readClose().closeCode()).isEqualTo(1000);
            client.socket.expectEnd();
        }
        await().until(() -> server.closed("Normal") == before + 1);
        assertThat(server.connections("gone")).isZero();
    }

    @Test
    void resetEndsTheMembership() {
        HubClient client = HubClient.json(server, "lost");
        client.socket.reset();
        await().until(() -> server.connections("lost") == 0);
    }
}
