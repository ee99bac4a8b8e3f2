package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a WebSocket ends, RFC 6455, 7: from our side, from the client's, from both, from none. */
class WebSocketCloseTest {
    private static final WebSocketSettings PATIENT =
            new WebSocketSettings(1024 * 1024, 4 * 1024 * 1024, Duration.ofSeconds(20), 1000);
    private static final WebSocketSettings HASTY =
            new WebSocketSettings(1024 * 1024, 4 * 1024 * 1024, Duration.ofMillis(200), 1000);
    private static final WireClose BYE = new WireClose(4001, "bye");

    private RecordingSession session = new RecordingSession();

    @SuppressWarnings("NullAway.Init") // by start, in each test
    private WebSocketFixture server;

    @SuppressWarnings("NullAway.Init")
    private RawWebSocket client;

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void weCloseAndTheClientAnswers() {
        start(PATIENT);

        session.onLoop(wire -> {
            RecordingSession.write(wire, "last words");
            wire.close(BYE);
            wire.close(WireClose.INTERNAL_ERROR);
            RecordingSession.write(wire, "too late");
        });

        assertThat(client.readText()).isEqualTo("last words");
        RawWebSocket.Frame close = client.readClose();
        assertThat(close.closeCode()).isEqualTo(4001);
        assertThat(close.closeReason()).isEqualTo("bye");
        assertThat(session.events()).containsExactly("open");
        client.sendClose(4001, "bye");
        client.expectEnd();
        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(BYE));
    }

    @Test
    void weCloseAndTheClientHangsUp() {
        start(PATIENT);

        session.onLoop(wire -> wire.close(BYE));
        client.readClose();
        client.close();

        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(BYE));
    }

    @Test
    void weCloseAndTheClientSaysNothing() {
        start(HASTY);

        session.onLoop(wire -> wire.close(BYE));

        assertThat(client.readClose().closeCode()).isEqualTo(4001);
        client.readToEnd();
        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(BYE));
        session.awaitEvents("open", "closed");
    }

    @Test
    void afterWeClosedMessagesAreReadButNotDelivered() {
        start(PATIENT);
        session.onLoop(wire -> wire.close(BYE));
        client.readClose();

        byte[] big = new byte[256 * 1024];
        for (int i = 0; i < 64; i++) {
            client.binary(big).ping();
        }
        client.sendClose(4001, "");

        client.expectEnd(); // and no pong before it
        session.awaitEvents("open", "closed");
    }

    @Test
    void aViolationAfterWeClosedEndsIt() {
        start(PATIENT);
        session.onLoop(wire -> wire.close(BYE));
        client.readClose();

        client.raw(RawWebSocket.encode(RawWebSocket.FIN | RawWebSocket.TEXT, false, (byte) 'a'));

        client.readToEnd();
        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(BYE));
    }

    @Test
    void closingWithoutACodeOrLongReason() {
        start(PATIENT);
        String reason = "ü".repeat(100);

        session.onLoop(wire -> wire.close(new WireClose(1008, "x" + reason)));

        RawWebSocket.Frame close = client.readClose();
        assertThat(close.payload().length).isLessThanOrEqualTo(125);
        assertThat(close.closeReason()).isEqualTo("x" + "ü".repeat(61));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 1014, 3000, 4999})
    void theClientClosesAndItsCodeIsEchoed(int code) {
        start(PATIENT);

        client.sendClose(code, "see you");

        RawWebSocket.Frame close = client.readClose();
        assertThat(close.closeCode()).isEqualTo(code);
        assertThat(close.closeReason()).isEqualTo("see you");
        client.expectEnd();
        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Remote(code, "see you"));
    }

    @Test
    void theClientClosesWithoutACode() {
        start(PATIENT);

        client.frame(RawWebSocket.FIN | RawWebSocket.CLOSE);

        assertThat(client.readClose().payload()).isEmpty();
        client.expectEnd();
        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Remote(1005, ""));
    }

    @Test
    void whatFollowsTheClientsCloseIsIgnored() {
        start(PATIENT);

        client.text("before").sendClose(1000, "").text("after");

        client.readClose();
        client.readToEnd();
        session.awaitEvents("open", "text before", "closed");
    }

    /** In one write, so that both are there when the first is read. */
    @Test
    void aViolationBehindTheClientsCloseTakesNoAnswerAway() {
        start(PATIENT);

        byte[] close = RawWebSocket.encode(RawWebSocket.FIN | RawWebSocket.CLOSE, true, (byte) 0x03, (byte) 0xE8);
        byte[] both = Arrays.copyOf(close, close.length + 2);
        both[close.length] = (byte) 0xFF;
        client.raw(both);

        assertThat(client.readClose().closeCode()).isEqualTo(1000);
        client.expectEnd();
        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Remote(1000, ""));
    }

    @Test
    void theSessionMayWriteAndCloseFromWithinAMessage() {
        session = new RecordingSession() {
            @Override
            protected void received(ByteBuf payload, boolean binary) {
                write(wire(), "answer");
                wire().close(BYE);
                wire().close(WireClose.NORMAL);
            }
        };
        start(PATIENT);

        client.text("question").text("another");

        assertThat(client.readText()).isEqualTo("answer");
        assertThat(client.readClose().closeCode()).isEqualTo(4001);
        client.sendClose(4001, "");
        client.expectEnd();
        session.awaitEvents("open", "text question", "closed");
    }

    @Test
    void theSessionMayCloseAtOnce() {
        session = new RecordingSession() {
            @Override
            protected void opened(Wire wire) {
                write(wire, "go away");
                wire.close(BYE);
            }
        };
        start(HASTY);

        assertThat(client.readText()).isEqualTo("go away");
        assertThat(client.readClose().closeCode()).isEqualTo(4001);
        session.awaitEvents("open", "closed");
    }

    @Test
    void aSessionThatThrowsIsClosed() {
        session = new RecordingSession() {
            @Override
            protected void received(ByteBuf payload, boolean binary) {
                throw new IllegalStateException("secret");
            }
        };
        start(PATIENT);

        client.text("boom").text("not heard");

        RawWebSocket.Frame close = client.readClose();
        assertThat(close.closeCode()).isEqualTo(1011);
        assertThat(close.closeReason()).doesNotContain("secret");
        client.sendClose(1011, "");
        client.expectEnd();
        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(WireClose.INTERNAL_ERROR));
        session.awaitEvents("open", "text boom", "closed");
    }

    @Test
    void aSessionThatThrowsWhenItOpensIsClosed() {
        session = new RecordingSession() {
            @Override
            protected void opened(Wire wire) {
                throw new IllegalStateException("secret");
            }
        };
        start(HASTY);

        assertThat(client.readClose().closeCode()).isEqualTo(1011);
        assertThat(session.awaitEnd()).isInstanceOf(WireEnd.Local.class);
    }

    @Test
    void aResetIsALoss() {
        start(PATIENT);
        session.wire();

        client.reset();

        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Lost());
        session.awaitEvents("open", "closed");
    }

    @Test
    void anEndWithoutACloseFrameIsALossAndWhatCameBeforeIsDelivered() {
        start(PATIENT);

        client.text("last")
                .raw(RawWebSocket.header(RawWebSocket.FIN | RawWebSocket.TEXT, true, 100))
                .close();

        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Lost());
        session.awaitEvents("open", "text last", "closed");
    }

    @Test
    void afterTheEndEverythingIsHarmless() {
        start(PATIENT);
        Wire wire = session.wire();
        client.reset();
        session.awaitEnd();
        EncodedFrame frame = RecordingSession.text("to nobody");

        session.onLoop(gone -> {
            wire.write(frame);
            wire.close(BYE);
        });

        assertThat(frame.references()).isEqualTo(1);
        frame.release();
        session.awaitEvents("open", "closed");
    }

    @Test
    void aSocketClosedUnderneathIsALoss() throws InterruptedException {
        start(PATIENT);
        session.wire();

        server.nextChannel().close().sync();

        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Lost());
        session.awaitEvents("open", "closed");
    }

    private void start(WebSocketSettings settings) {
        server = WebSocketFixture.serving(settings, () -> session);
        client = RawWebSocket.connect(server.port(), "/");
    }
}
