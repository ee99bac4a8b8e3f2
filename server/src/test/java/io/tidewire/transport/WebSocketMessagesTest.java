package io.tidewire.transport;

import static io.tidewire.transport.RawWebSocket.BINARY;
import static io.tidewire.transport.RawWebSocket.CONTINUATION;
import static io.tidewire.transport.RawWebSocket.FIN;
import static io.tidewire.transport.RawWebSocket.PING;
import static io.tidewire.transport.RawWebSocket.PONG;
import static io.tidewire.transport.RawWebSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in both directions, whole and in fragments, up to the limit and over it (B1), and pings. */
class WebSocketMessagesTest {
    private static final int LIMIT = 100_000;
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings(LIMIT, 4 * 1024 * 1024, Duration.ofSeconds(5), 1_000_000);

    private static final EncodedFrame PING_MESSAGE =
            EncodedFrame.constant("ping".getBytes(StandardCharsets.UTF_8), false);

    private final RecordingSession session = new RecordingSession();
    private final WebSocketFixture server = WebSocketFixture.serving(SETTINGS, () -> session);
    private final RawWebSocket client = RawWebSocket.connect(server.port(), "/");

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void textAndBinaryArriveAsSent() {
        client.text("grüße 🌊").binary((byte) 'a').text("");

        session.awaitEvents("open", "text grüße 🌊", "binary a", "text ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 300_000})
    void framesOfEveryHeaderLengthGoOut(int length) {
        String text = "x".repeat(length);

        session.write(text);

        RawWebSocket.Frame frame = client.read();
        assertThat(frame.fin()).isTrue();
        assertThat(frame.masked()).isFalse();
        assertThat(frame.rsv()).isZero();
        assertThat(frame.opcode()).isEqualTo(TEXT);
        assertThat(frame.text()).isEqualTo(text);
    }

    @Test
    void aConstantFrameIsSentAgainAndAgain() {
        for (int i = 0; i < 3; i++) {
            session.onLoop(wire -> wire.write(PING_MESSAGE));
            assertThat(client.readText()).isEqualTo("ping");
        }
    }

    @Test
    void fragmentsAreJoinedAndControlFramesMayComeBetween() {
        client.frame(TEXT, utf8("one "));
        client.ping(utf8("p"));
        client.frame(CONTINUATION);
        client.frame(CONTINUATION, utf8("two "));
        client.frame(FIN | CONTINUATION, utf8("three"));
        client.frame(BINARY, utf8("4")).frame(FIN | CONTINUATION);

        session.awaitEvents("open", "text one two three", "binary 4");
        assertThat(client.read().opcode()).isEqualTo(PONG);
    }

    @Test
    void aCharacterMayBeSplitOverFragmentsAndReads() {
        byte[] wave = utf8("🌊");
        client.frame(TEXT, wave[0], wave[1]);
        client.frame(CONTINUATION, wave[2]);
        for (byte b : RawWebSocket.encode(FIN | CONTINUATION, true, wave[3])) {
            client.raw(b);
        }

        session.awaitEvents("open", "text 🌊");
    }

    @Test
    void aMessageOfExactlyTheLimitPasses() {
        client.frame(FIN | BINARY, new byte[LIMIT]);
        client.frame(BINARY, new byte[LIMIT - 1]).frame(FIN | CONTINUATION, (byte) 0);

        session.awaitEvents("open", "binary " + LIMIT + " bytes", "binary " + LIMIT + " bytes");
    }

    @Test
    void oneFrameOverTheLimitIsRefusedByItsHeader() {
        client.raw(RawWebSocket.header(FIN | BINARY, true, LIMIT + 1));

        expectTooBig();
    }

    @Test
    void aFrameOfAbsurdLengthIsRefusedByItsHeader() {
        client.raw(RawWebSocket.header(FIN | BINARY, true, Long.MAX_VALUE));

        expectTooBig();
    }

    @Test
    void theCloseFrameArrivesThoughTheClientGoesOnSending() {
        client.frame(FIN | BINARY, new byte[LIMIT + 1]);
        byte[] more = new byte[64 * 1024];
        for (int i = 0; i < 64; i++) {
            client.raw(more);
        }

        expectTooBig();
    }

    @Test
    void fragmentsOverTheLimitAreRefused() {
        client.frame(TEXT, new byte[LIMIT / 2]);
        client.frame(CONTINUATION, new byte[LIMIT / 2]);
        client.frame(CONTINUATION);
        client.frame(CONTINUATION, (byte) 'x');

        expectTooBig();
    }

    @Test
    void manySmallFragmentsBecomeOneMessage() {
        int fragments = LIMIT;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(RawWebSocket.encode(BINARY, true));
        for (int i = 1; i < fragments; i++) {
            all.writeBytes(RawWebSocket.encode(CONTINUATION, true, (byte) 'x'));
        }
        all.writeBytes(RawWebSocket.encode(FIN | CONTINUATION, true, (byte) 'x'));

        byte[] bytes = all.toByteArray();
        client.raw(Arrays.copyOf(bytes, bytes.length - 7)).ping();
        assertThat(client.read().opcode()).isEqualTo(PONG);
        assertThat(server.usedMemory())
                .as("held for " + fragments + " fragments")
                .isLessThan(2 * LIMIT);

        client.raw(Arrays.copyOfRange(bytes, bytes.length - 7, bytes.length));
        session.awaitEvents("open", "binary " + fragments + " bytes");
    }

    @Test
    void anIdleClientHoldsNoBuffer() {
        client.frame(TEXT, utf8("some"))
                .frame(FIN | CONTINUATION, utf8("thing"))
                .ping();
        session.write("answer");

        session.awaitEvents("open", "text something");
        await().untilAsserted(() -> assertThat(server.usedMemory()).isZero());
    }

    @Test
    void aPartialMessageIsGivenBackWhenTheClientVanishes() {
        client.frame(TEXT, utf8("never finished")).ping();
        assertThat(client.read().opcode()).isEqualTo(PONG);
        assertThat(server.usedMemory()).isBetween(1L, 1000L);

        client.reset();

        session.awaitEvents("open", "closed");
        assertThat(server.usedMemory()).isZero();
    }

    @Test
    void aPingIsAnsweredWithItsPayload() {
        client.ping(utf8("hello"));

        RawWebSocket.Frame pong = client.read();
        assertThat(pong.opcode()).isEqualTo(PONG);
        assertThat(pong.masked()).isFalse();
        assertThat(pong.text()).isEqualTo("hello");
        assertThat(session.events()).containsExactly("open");
    }

    @Test
    void anEmptyPingAndOneOfTheLongestAreAnswered() {
        client.ping().ping(new byte[125]);

        assertThat(client.read().payload()).isEmpty();
        assertThat(client.read().payload()).hasSize(125);
    }

    @Test
    void aBurstOfPingsIsAnsweredWithTheFirstAndTheLast() {
        ByteArrayOutputStream burst = new ByteArrayOutputStream();
        for (int i = 1; i <= 100; i++) {
            burst.writeBytes(RawWebSocket.encode(FIN | PING, true, utf8("p" + i)));
        }

        client.raw(burst.toByteArray()).text("end");

        session.awaitEvents("open", "text end");
        assertThat(client.read().text()).isEqualTo("p1");
        String last = client.read().text();
        int answered = 2;
        while (!last.equals("p100")) { // when the burst came in several reads
            last = client.read().text();
            answered++;
        }
        assertThat(answered).isLessThan(50);
    }

    @Test
    void aPingFloodOfAClientThatDoesNotReadQueuesNothing() throws Exception {
        Channel channel = server.nextChannel();
        byte[] ping = RawWebSocket.encode(FIN | PING, true, new byte[125]);
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            block.writeBytes(ping);
        }
        for (int i = 0; i < 20; i++) {
            client.raw(block.toByteArray());
        }
        client.text("end");

        session.awaitEvents("open", "text end");
        long[] pending = new long[1];
        session.onLoop(wire -> pending[0] = channel.unsafe().outboundBuffer().totalPendingWriteBytes());
        assertThat(pending[0]).isLessThan(1000);
    }

    @Test
    void anUnaskedPongIsASignOfLifeAndNothingElse() {
        long before = session.wire().lastRead();

        client.frame(FIN | PONG, utf8("x"));

        await().until(() -> session.wire().lastRead() > before);
        assertThat(session.events()).containsExactly("open");
    }

    @Test
    void partOfAFrameIsASignOfLife() {
        long before = session.wire().lastRead();

        client.raw(RawWebSocket.header(FIN | BINARY, true, 1000)).raw(new byte[10]);

        await().until(() -> session.wire().lastRead() > before);
    }

    @Test
    void aWriteIsRemembered() {
        long before = session.wire().lastWrite();

        // The clock is that of the event loop's pass, which may still be the one that opened the wire.
        await().until(() -> {
            session.write("x");
            return session.wire().lastWrite() > before;
        });
        assertThat(System.nanoTime() - session.wire().lastWrite()).isLessThan(5_000_000_000L);
    }

    private void expectTooBig() {
        RawWebSocket.Frame close = client.readClose();
        assertThat(close.closeCode()).isEqualTo(1009);
        assertThat(close.closeReason()).contains(String.valueOf(LIMIT), "websocket.maxMessageBytes");
        client.expectEnd();
        client.close();
        assertThat(session.awaitEnd()).isInstanceOf(WireEnd.Violation.class);
        session.awaitEvents("open", "closed");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
