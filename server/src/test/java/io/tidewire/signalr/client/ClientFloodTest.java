package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.END;
import static io.tidewire.signalr.client.HubClient.PING;
import static io.tidewire.signalr.client.HubClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.transport.RawWebSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Row B26 on the client endpoint: hub pings without end, and what is counted. */
class ClientFloodTest {
    private static final String SETTING = "websocket.maxEmptyFramesPerSecond";
    private static final String TOLD = "More than 100 pings or empty frames in a second (" + SETTING + ")";

    private final TestTidewire server =
            TestTidewire.with().set(SETTING + "=100").start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void b26HubPingsWithoutEndEndTheClientAndDisturbNobody() {
        try (HubClient good = HubClient.json(server, "chat");
                HubClient flooding = HubClient.json(server, "chat");
                var rest = server.rest()) {
            flooding.socket.text((PING + END).repeat(50_000));
            flooding.expectClose("{\"type\":7,\"error\":\"" + TOLD + "\"}", 1008);
            await().untilAsserted(() -> assertThat(server.closed("Throttled")).isEqualTo(1));

            for (int i = 0; i < 20; i++) {
                good.send(PING);
            }
            rest.send("chat", "", "t", "[1]");
            assertThat(good.nextCall()).isEqualTo(call("t", "[1]"));
        }
    }

    @Test
    void b26HubPingsInMessagePack() {
        try (HubClient flooding = HubClient.messagePack(server, "chat")) {
            byte[] pings = new byte[3 * 101];
            for (int i = 0; i < pings.length; i += 3) {
                System.arraycopy(new byte[] {2, (byte) 0x91, 6}, 0, pings, i, 3);
            }
            flooding.socket.binary(pings);
            assertThat(flooding.socket.read().opcode())
                    .as("the hub's own close")
                    .isEqualTo(RawWebSocket.BINARY);
            expectFloodClose(flooding);
            await().untilAsserted(() -> assertThat(server.closed("Throttled")).isEqualTo(1));
        }
    }

    @Test
    void b26ControlFramesAreCountedAsThrottled() {
        try (HubClient flooding = HubClient.json(server, "chat")) {
            for (int i = 0; i < 101; i++) {
                flooding.socket.ping();
            }
            expectFloodClose(flooding);
            await().untilAsserted(() -> assertThat(server.closed("Throttled")).isEqualTo(1));
        }
    }

    @Test
    void b26AFloodBeforeTheHandshakeIsARefusal() {
        try (HubClient flooding = HubClient.upgraded(server, "chat")) {
            for (int i = 0; i < 101; i++) {
                flooding.socket.ping();
            }
            expectFloodClose(flooding);
            await().untilAsserted(() -> assertThat(server.refused("Throttled")).isEqualTo(1));
        }
    }

    @Test
    void b26HubPingsInBodies() {
        try (PostingClient flooding = PostingClient.polling(server, "chat").shakeHands()) {
            flooding.post((PING + END).repeat(101));
            assertThat(flooding.next()).isEqualTo("{\"type\":7,\"error\":\"" + TOLD + "\"}");
            flooding.expectEnd();
            await().untilAsserted(() -> assertThat(server.closed("Throttled")).isEqualTo(1));
        }
    }

    /** Behind the pongs that were sent before the bound was passed. */
    private static void expectFloodClose(HubClient client) {
        RawWebSocket.Frame frame = client.socket.read();
        while (frame.opcode() == RawWebSocket.PONG) {
            frame = client.socket.read();
        }
        assertThat(frame.opcode()).isEqualTo(RawWebSocket.CLOSE);
        assertThat(frame.closeCode()).isEqualTo(1008);
        assertThat(frame.closeReason()).isEqualTo(TOLD);
    }
}
