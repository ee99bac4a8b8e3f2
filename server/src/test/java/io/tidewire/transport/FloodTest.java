package io.tidewire.transport;

import static io.tidewire.transport.RawWebSocket.BINARY;
import static io.tidewire.transport.RawWebSocket.CONTINUATION;
import static io.tidewire.transport.RawWebSocket.FIN;
import static io.tidewire.transport.RawWebSocket.PING;
import static io.tidewire.transport.RawWebSocket.PONG;
import static io.tidewire.transport.RawWebSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row B26: pings, empty frames and one-byte fragments without end. The client is closed with 1008; nobody else notices. */
class FloodTest {
    private static final int FRAMES = 1_000_000;
    private static final int BOUND = 500;

    private final RecordingSession session = new RecordingSession();
    private final WebSocketFixture server = WebSocketFixture.serving(
            new WebSocketSettings(8 * 1024 * 1024, 4 * 1024 * 1024, Duration.ofSeconds(5), BOUND), () -> session);
    private final RawWebSocket client = RawWebSocket.connect(server.port(), "/");

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "B26 ping flood, 0, " + (FIN | PING) + ", 0",
        "B26 ping flood with a payload, 0, " + (FIN | PING) + ", 125",
        "B26 pong flood, 0, " + (FIN | PONG) + ", 0",
        "B26 empty messages, 0, " + (FIN | TEXT) + ", 0",
        "B26 empty fragments, " + TEXT + ", " + CONTINUATION + ", 0",
        "B26 one-byte fragments, " + BINARY + ", " + CONTINUATION + ", 1"
    })
    void aFloodIsClosedWith1008(String row, int first, int frame, int bytes) {
        try {
            if (first != 0) {
                client.frame(first, (byte) 'a');
            }
            byte[] many = times(1000, RawWebSocket.encode(frame, true, new byte[bytes]));
            for (int sent = 0; sent < FRAMES; sent += 1000) {
                client.raw(many);
            }
        } catch (UncheckedIOException cut) {
            // It need not be read to its end.
        }
        client.close();

        assertThat(session.awaitEnd())
                .isEqualTo(new WireEnd.Flood(new WireClose(
                        1008, "More than 500 pings or empty frames in a second (websocket.maxEmptyFramesPerSecond)")));
        assertThat(session.events().size()).as("events").isLessThanOrEqualTo(BOUND + 2);
    }

    @Test
    void theClientIsToldWhichSettingItPassed() {
        client.raw(times(BOUND + 1, RawWebSocket.encode(FIN | PONG, true)));

        RawWebSocket.Frame close = client.readClose();
        assertThat(close.closeCode()).isEqualTo(1008);
        assertThat(close.closeReason()).contains("500", "websocket.maxEmptyFramesPerSecond");
    }

    @Test
    void manySmallMessagesAreNoFlood() {
        client.raw(times(20 * BOUND, RawWebSocket.encode(FIN | TEXT, true, (byte) 'x')));
        client.text("last");

        await().until(() -> session.events().size() == 20 * BOUND + 2);
        assertThat(session.events().getLast()).isEqualTo("text last");
    }

    @Test
    void oneMessageInManyFragmentsIsNoFlood() {
        client.frame(BINARY, new byte[64]);
        client.raw(times(20 * BOUND, RawWebSocket.encode(CONTINUATION, true, new byte[64])));
        client.frame(FIN | CONTINUATION, new byte[64]);

        session.awaitEvents("open", "binary " + (20 * BOUND + 2) * 64 + " bytes");
    }

    @Test
    void eachSecondCountsForItself() {
        long second = TimeUnit.SECONDS.toNanos(1);
        var chatter = new Chatter(2);
        long start = -10 * second;
        assertThat(chatter.isTooMuch(start)).isFalse();
        assertThat(chatter.isTooMuch(start + second - 1)).isFalse();
        assertThat(chatter.isTooMuch(start + second)).isFalse();
        assertThat(chatter.isTooMuch(start + second + 1)).isFalse();
        assertThat(chatter.isTooMuch(start + second + 2)).isTrue();
    }

    private static byte[] times(int count, byte[] frame) {
        var all = new ByteArrayOutputStream(count * frame.length);
        for (int i = 0; i < count; i++) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }
}
