package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames around bytes that others hold too, on real sockets of either kind. */
class SharedBytesTest {
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings(1_000, 4 * 1024 * 1024, Duration.ofSeconds(5), 1_000_000);

    @ParameterizedTest
    @EnumSource(WebSocketFixture.Sockets.class)
    void eachFrameHasItsOwnEdgesAndAllGiveTheBytesBack(WebSocketFixture.Sockets sockets) {
        String text = "x".repeat(200_000);
        ByteBuf shared = ByteBufAllocator.DEFAULT.directBuffer();
        shared.writeCharSequence(text, StandardCharsets.US_ASCII);
        var session = new RecordingSession();
        try (var server = WebSocketFixture.serving(sockets, SETTINGS, () -> session);
                RawWebSocket client = RawWebSocket.connect(server.port(), "/")) {
            session.awaitEvents("open");
            session.onLoop(wire -> {
                for (int i = 0; i < 5; i++) {
                    EncodedFrame frame = around(shared, i);
                    wire.write(frame);
                    frame.release();
                }
            });
            for (int i = 0; i < 5; i++) {
                assertThat(client.readText()).isEqualTo("before " + i + text + "after " + i);
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> shared.refCnt() == 1);
        }
        assertThat(shared.release()).isTrue();
    }

    private static EncodedFrame around(ByteBuf shared, int number) {
        ByteBuf edges = EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, 32);
        edges.writeCharSequence("before " + number, StandardCharsets.US_ASCII);
        int at = edges.writerIndex();
        edges.writeCharSequence("after " + number, StandardCharsets.US_ASCII);
        return EncodedFrame.sealAround(edges, at, shared.asReadOnly(), false);
    }
}
