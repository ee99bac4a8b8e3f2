package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.tidewire.app.TestTidewire;
import io.tidewire.transport.RawWebSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A client that stops reading is closed, and costs neither memory nor anybody else's messages (bad input B24). */
class SlowClientTest {
    private static final int MESSAGES = 1000;
    private static final int UNSENT = 256 * 1024;
    private static final long MIB = 1024 * 1024;

    @Test
    void slowClientIsClosedAndOthersLoseNothing() {
        String padding = "\"" + "x".repeat(64 * 1024) + "\"";
        try (var server = TestTidewire.with()
                        .webSocket(1024 * 1024, UNSENT, Duration.ofSeconds(5))
                        .start();
                HubClient slow = HubClient.narrow(server, "slow").shakeHands();
                HubClient good = HubClient.json(server, "slow");
                var rest = server.rest()) {
            long before = directMemory();
            long most = 0;
            for (int i = 0; i < MESSAGES; i++) {
                String arguments = "[" + i + "," + padding + "]";
                rest.send("slow", "", "t", arguments);
                assertThat(good.next()).isEqualTo(call("t", arguments));
                most = Math.max(most, directMemory() - before);
            }
            assertThat(server.closed("SlowClient")).isEqualTo(1);
            assertThat(server.connections("slow")).isEqualTo(1);
            assertThat(most).as("bytes more at the worst").isLessThan(24 * MIB);

            // It never reads, so it cannot answer a close: its socket goes all the same.
            slow.socket.readToEnd();
        }
    }

    @Test
    void slowClientThatReadsOnIsToldWhy() {
        String padding = "\"" + "x".repeat(256 * 1024) + "\"";
        try (var server = TestTidewire.with()
                        .webSocket(1024 * 1024, UNSENT, Duration.ofSeconds(5))
                        .start();
                HubClient slow = HubClient.narrow(server, "slow").shakeHands();
                var rest = server.rest()) {
            while (server.closed("SlowClient") == 0) {
                rest.send("slow", "", "t", "[" + padding + "]");
            }
            assertThat(server.connections("slow")).isZero();

            RawWebSocket.Frame frame = slow.socket.read();
            while (frame.opcode() != RawWebSocket.CLOSE) {
                frame = slow.socket.read();
            }
            assertThat(frame.closeCode()).isEqualTo(1008);
            assertThat(frame.closeReason()).isEqualTo("The client reads too slowly");
        }
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
