package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.transport.RawWebSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Many clients that begin a message and do not end it: each is within its own bound, all of them are within the node's. */
class UnfinishedMessagesTest {
    private static final int BEGUN = 300_000;

    @Test
    void hubMessagesWithoutAnEnd() {
        begin(socket -> socket.text("{\"type\":1,\"target\":\"" + "x".repeat(BEGUN)));
    }

    @Test
    void webSocketMessagesWithoutTheirLastFragment() {
        begin(socket -> socket.frame(0x01, new byte[BEGUN]));
    }

    @Test
    void framesWithoutTheirLastByte() {
        begin(socket -> socket.raw(Arrays.copyOf(RawWebSocket.encode(0x81, true, new byte[BEGUN + 1]), BEGUN)));
    }

    private static void begin(Consumer<RawWebSocket> message) {
        try (var server =
                TestTidewire.with().set("network.maxBufferedBytes=1MiB").start()) {
            var held = new ArrayList<HubClient>();
            for (int i = 1; i <= 3; i++) {
                HubClient client = HubClient.json(server, "chat");
                held.add(client);
                message.accept(client.socket);
                double atLeast = i * (BEGUN - 100.0);
                await().until(() -> server.metric("tidewire_buffered_bytes") >= atLeast);
            }
            try (HubClient last = HubClient.json(server, "chat")) {
                message.accept(last.socket);

                RawWebSocket.Frame answer = last.socket.read();
                while (answer.opcode() != RawWebSocket.CLOSE) {
                    answer = last.socket.read();
                }
                assertThat(answer.closeCode()).isEqualTo(1013);
                assertThat(answer.closeReason()).contains("network.maxBufferedBytes");
            }
            await().until(() -> server.closed("Throttled") == 1);
            assertThat(server.connections("chat")).isEqualTo(3);

            held.forEach(HubClient::close);
            await().until(() -> server.metric("tidewire_buffered_bytes") == 0);
        }
    }
}
