package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.ACCEPTED;
import static io.tidewire.signalr.client.HubClient.END;
import static io.tidewire.signalr.client.HubClient.JSON;
import static io.tidewire.signalr.client.HubClient.MESSAGE_PACK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.transport.RawWebSocket;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hub handshake of a client (reference D.3), good and bad (bad input B9). */
class HandshakeOnTheWireTest {
    private static final String UNEXPECTED =
            "{\"error\":\"An unexpected error occurred during connection handshake.\"}";
    private static final String INVOCATION =
            "{\"type\":1,\"invocationId\":\"%s\",\"target\":\"t\",\"arguments\":[]}" + END;

    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {RawWebSocket.TEXT, RawWebSocket.BINARY})
    void jsonIsAnsweredInText(int kind) {
        try (HubClient client = HubClient.upgraded(server, "chat")) {
            client.socket.frame(RawWebSocket.FIN | kind, JSON.getBytes(UTF_8));

            RawWebSocket.Frame answer = client.socket.read();
            assertThat(answer.opcode()).isEqualTo(RawWebSocket.TEXT);
            assertThat(answer.text()).isEqualTo(ACCEPTED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RawWebSocket.TEXT, RawWebSocket.BINARY})
    void messagePackIsAnsweredInBinary(int kind) {
        try (HubClient client = HubClient.upgraded(server, "packed");
                var rest = server.rest()) {
            client.socket.frame(RawWebSocket.FIN | kind, MESSAGE_PACK.getBytes(UTF_8));

            RawWebSocket.Frame answer = client.socket.read();
            assertThat(answer.opcode()).isEqualTo(RawWebSocket.BINARY);
            assertThat(answer.text()).isEqualTo(ACCEPTED);

            await().until(() -> server.connections("packed") == 1);
            rest.send("packed", "", "t", "[1]");
            RawWebSocket.Frame message = client.socket.read();
            assertThat(message.opcode()).isEqualTo(RawWebSocket.BINARY);
            assertThat(message.payload()).containsExactly(9, 0x96, 1, 0x80, 0xC0, 0xA1, 't', 0x91, 1, 0x90);
        }
        await().until(() -> server.connections("packed") == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bothVersionsAreAccepted(int version) {
        try (HubClient client = HubClient.upgraded(server, "chat")) {
            client.socket.text("{\"version\":" + version + ",\"protocol\":\"json\",\"more\":[{}]}" + END);
            assertThat(client.socket.readText()).isEqualTo(ACCEPTED);
        }
    }

    @Test
    void messagesMayFollowInTheSameFrame() {
        try (HubClient client = HubClient.upgraded(server, "chat")) {
            String third = INVOCATION.formatted("three");
            client.socket.text(
                    JSON + INVOCATION.formatted("one") + INVOCATION.formatted("two") + third.substring(0, 20));
            client.socket.text(third.substring(20));

            assertThat(client.socket.readText()).isEqualTo(ACCEPTED);
            assertThat(client.next()).contains("\"invocationId\":\"one\"");
            assertThat(client.next()).contains("\"invocationId\":\"two\"");
            assertThat(client.next()).contains("\"invocationId\":\"three\"");
        }
    }

    @Test
    void packedMessagesMayFollowInTheSameFrame() {
        byte[] ping = {2, (byte) 0x91, 6};
        byte[] close = {3, (byte) 0x92, 7, (byte) 0xC0};
        byte[] request = MESSAGE_PACK.getBytes(UTF_8);
        byte[] all = Arrays.copyOf(request, request.length + ping.length + close.length);
        System.arraycopy(ping, 0, all, request.length, ping.length);
        System.arraycopy(close, 0, all, request.length + ping.length, close.length);
        try (HubClient client = HubClient.upgraded(server, "chat")) {
            client.socket.binary(all);

            assertThat(client.socket.read().text()).isEqualTo(ACCEPTED);
            client.expectClose(null, 1000);
        }
    }

    @Test
    void requestMayComeInPieces() {
        try (HubClient client = HubClient.upgraded(server, "chat")) {
            for (int i = 0; i < JSON.length(); i++) {
                client.socket.text(JSON.substring(i, i + 1));
            }
            assertThat(client.socket.readText()).isEqualTo(ACCEPTED);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"protocol":"protobuf","version":1} | {"error":"The protocol 'protobuf' is not supported."}
                    {"protocol":"json","version":99}    | {"error":"The server does not support version 99 of the 'json' protocol."}
                    {"protocol":"messagepack","version":0} | {"error":"The server does not support version 0 of the 'messagepack' protocol."}
                    {"protocol":"json"}                 | {"error":"An unexpected error occurred during connection handshake."}
                    not json                            | {"error":"An unexpected error occurred during connection handshake."}
                    {"type":6}                          | {"error":"An unexpected error occurred during connection handshake."}
                    """)
    void badRequestsAreAnsweredAndCounted(String request, String answer) {
        double before = server.refused("HandshakeError");
        try (HubClient client = HubClient.upgraded(server, "refused")) {
            client.socket.text(request + END);
            client.expectClose(answer, 1000);
        }
        assertThat(server.refused("HandshakeError")).isEqualTo(before + 1);
        assertThat(server.connections("refused")).isZero();
    }

    @Test
    void packedMessageBeforeTheHandshakeIsRefused() {
        try (HubClient client = HubClient.upgraded(server, "chat")) {
            client.socket.binary((byte) 3, (byte) 0x91, (byte) 6, (byte) 0x1E);
            client.expectClose(UNEXPECTED, 1000);
        }
    }

    @Test
    void requestWithoutEndIsRefusedLongBeforeAMegabyte() {
        double before = server.refused("HandshakeError");
        try (HubClient client = HubClient.upgraded(server, "chat")) {
            client.socket.text("x".repeat(1024 * 1024));
            client.expectClose(UNEXPECTED, 1000);
        }
        assertThat(server.refused("HandshakeError")).isEqualTo(before + 1);
    }

    @Test
    void absentRequestTimesOut() {
        try (var impatient =
                TestTidewire.with().handshakeTimeout(Duration.ofMillis(200)).start()) {
            try (HubClient client = HubClient.upgraded(impatient, "chat")) {
                client.socket.text("{\"protocol\":"); // not all of it
                client.expectClose("{\"error\":\"Handshake was canceled.\"}", 1000);
            }
            assertThat(impatient.refused("HandshakeError")).isEqualTo(1);
        }
    }

    @Test
    void timeoutEndsWithTheHandshake() {
        try (var impatient = TestTidewire.with()
                .handshakeTimeout(Duration.ofMillis(300))
                .keepAlive(Duration.ofMillis(100))
                .start()) {
            try (HubClient client = HubClient.json(impatient, "chat")) {
                for (int i = 0; i < 8; i++) {
                    assertThat(client.next()).isEqualTo(HubClient.PING);
                }
            }
        }
    }

    @Test
    void tokenMayShortenTheTimeout() {
        try (HubClient client = HubClient.upgraded(server, "chat", Claim.of("asrs.s.cht", "1"))) {
            client.expectClose("{\"error\":\"Handshake was canceled.\"}", 1000);
        }
    }

    @Test
    void tokenMayProlongTheTimeout() {
        try (var impatient =
                TestTidewire.with().handshakeTimeout(Duration.ofMillis(100)).start()) {
            try (HubClient patient = HubClient.upgraded(impatient, "chat", Claim.of("asrs.s.cht", "30"));
                    HubClient other = HubClient.upgraded(impatient, "chat")) {
                other.expectClose("{\"error\":\"Handshake was canceled.\"}", 1000);
                patient.shakeHands();
            }
        }
    }

    @Test
    void clientThatLeavesBeforeTheHandshakeIsCounted() {
        double before = server.refused("LeftBeforeHandshake");
        HubClient.upgraded(server, "chat").close();
        await().until(() -> server.refused("LeftBeforeHandshake") == before + 1);
    }
}
