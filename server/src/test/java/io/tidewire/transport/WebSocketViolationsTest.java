package io.tidewire.transport;

import static io.tidewire.transport.RawWebSocket.BINARY;
import static io.tidewire.transport.RawWebSocket.CLOSE;
import static io.tidewire.transport.RawWebSocket.CONTINUATION;
import static io.tidewire.transport.RawWebSocket.FIN;
import static io.tidewire.transport.RawWebSocket.PING;
import static io.tidewire.transport.RawWebSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that break the rules of RFC 6455: framing (B2), text (B3), close frames. Each gets its close code. */
class WebSocketViolationsTest {
    private static final byte[] NOTHING = {};

    static final List<Arguments> FRAMING = List.of(
            Arguments.of("unmasked", RawWebSocket.encode(FIN | TEXT, false, (byte) 'a')),
            Arguments.of("RSV1", RawWebSocket.encode(FIN | 0x40 | TEXT, true, (byte) 'a')),
            Arguments.of("RSV2", RawWebSocket.encode(FIN | 0x20 | TEXT, true, (byte) 'a')),
            Arguments.of("RSV3 on a ping", RawWebSocket.encode(FIN | 0x10 | PING, true, NOTHING)),
            Arguments.of("opcode 3", RawWebSocket.encode(FIN | 0x3, true, NOTHING)),
            Arguments.of("opcode 11", RawWebSocket.encode(FIN | 0xB, true, NOTHING)),
            Arguments.of("fragmented ping", RawWebSocket.encode(PING, true, NOTHING)),
            Arguments.of("fragmented close", RawWebSocket.encode(CLOSE, true, NOTHING)),
            Arguments.of("ping of 126 bytes", RawWebSocket.encode(FIN | PING, true, new byte[126])),
            Arguments.of("continuation of nothing", RawWebSocket.encode(FIN | CONTINUATION, true, (byte) 'a')),
            Arguments.of("length not in its shortest form", hex("81 fe 0001 00000000 61")),
            Arguments.of("negative length", hex("82 ff 8000000000000000 00000000")),
            Arguments.of("close with one byte", RawWebSocket.encode(FIN | CLOSE, true, (byte) 3)));

    static final List<String> NOT_UTF8 = List.of(
            "80",
            "c0 80",
            "c3 28",
            "e0 80 80",
            "ed a0 80",
            "f0 80 80 80",
            "f4 90 80 80",
            "f8 88 80 80 80",
            "ff",
            "c3",
            "e2 82",
            "f0 9f 8c",
            "61 62 63 64 65 66 67 68 c3");

    private final RecordingSession session = new RecordingSession();
    private final WebSocketFixture server = WebSocketFixture.serving(WebSocketSettings.DEFAULT, () -> session);
    private final RawWebSocket client = RawWebSocket.connect(server.port(), "/");

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("FRAMING")
    void badFramingIsAProtocolError(String name, byte[] frame) {
        client.raw(frame);

        expect(1002, "open", "closed");
    }

    @Test
    void whatCameBeforeIsStillDelivered() {
        client.text("good")
                .raw(RawWebSocket.encode(FIN | TEXT, false, (byte) 'a'))
                .text("too late");

        expect(1002, "open", "text good", "closed");
    }

    @Test
    void aMessageInsideAMessageIsAProtocolError() {
        client.frame(TEXT, (byte) 'a').frame(FIN | TEXT, (byte) 'b');

        expect(1002, "open", "closed");
    }

    @ParameterizedTest
    @FieldSource("NOT_UTF8")
    void textMustBeUtf8(String bytes) {
        client.frame(FIN | TEXT, hex(bytes)).text("too late");

        expect(1007, "open", "closed");
    }

    @ParameterizedTest
    @FieldSource("NOT_UTF8")
    void textMustBeUtf8OverFragmentsToo(String bytes) {
        int first = TEXT;
        for (byte b : hex(bytes)) {
            client.frame(first, b);
            first = CONTINUATION;
        }
        client.frame(FIN | CONTINUATION);

        expect(1007, "open", "closed");
    }

    @Test
    void badTextIsRefusedBeforeTheMessageIsWhole() {
        client.frame(TEXT, hex("61 ff"));

        expect(1007, "open", "closed");
    }

    @Test
    void binaryMayBeAnything() {
        client.frame(BINARY, hex("ff")).frame(FIN | CONTINUATION, hex("fe"));
        client.text("after");

        session.awaitEvents("open", "binary \ufffd\ufffd", "text after");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535})
    void closeCodesThatMustNotBeSent(int code) {
        client.sendClose(code, "");

        expect(1002, "open", "closed");
    }

    @Test
    void aCloseReasonMustBeUtf8() {
        client.frame(FIN | CLOSE, hex("03e8 61 ff"));

        expect(1007, "open", "closed");
    }

    private void expect(int code, String... events) {
        assertThat(client.readClose().closeCode()).isEqualTo(code);
        client.expectEnd();
        client.close();
        assertThat(session.awaitEnd())
                .isInstanceOfSatisfying(
                        WireEnd.Violation.class,
                        end -> assertThat(end.close().code()).isEqualTo(code));
        session.awaitEvents(events);
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }
}
