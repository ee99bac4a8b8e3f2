package io.tidewire.signalr.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.hub.Frame;
import io.tidewire.transport.EncodedFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Both sides must agree on which messages have a number (reference D.7): types 1 to 5, and no others. */
class NumberingTest {
    static final List<HubProtocol> PROTOCOLS = HubProtocols.ALL;

    private static boolean numbered(@Nullable Frame frame) {
        boolean numbered = ((EncodedFrame) Objects.requireNonNull(frame)).numbered();
        frame.release();
        return numbered;
    }

    @ParameterizedTest
    @FieldSource("PROTOCOLS")
    void callsItemsAndAnswersHaveOne(HubProtocol protocol) {
        byte[] one = {'1'};
        assertThat(numbered(protocol.invocation(null, "t", JsonArguments.NONE))).isTrue();
        assertThat(numbered(protocol.encode(new ServerMessage.Invocation("t", JsonArguments.NONE))))
                .isTrue();
        assertThat(numbered(protocol.streamItem("1", one))).isTrue();
        assertThat(numbered(protocol.completion("1", null))).isTrue();
        assertThat(numbered(protocol.completionWithResult("1", one))).isTrue();
        assertThat(numbered(protocol.streamInvocation("1", "t", JsonArguments.NONE)))
                .isTrue();
        assertThat(numbered(protocol.cancelInvocation("1"))).isTrue();
    }

    @ParameterizedTest
    @FieldSource("PROTOCOLS")
    void whatIsAboutTheConnectionHasNone(HubProtocol protocol) {
        assertThat(numbered(protocol.ping())).isFalse();
        assertThat(numbered(protocol.close("why", true))).isFalse();
        assertThat(numbered(protocol.ack(1))).isFalse();
        assertThat(numbered(protocol.sequence(1))).isFalse();
        assertThat(numbered(new Handshake.Accepted(protocol, 2).response())).isFalse();
        assertThat(numbered(Handshake.CANCELED.response())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":1,"target":"t","arguments":[]}             | true
            {"target":"t","arguments":[{"type":6}],"type":1}   | true
            {"type":5,"invocationId":"1"}                      | true
            {"type":6}                                         | false
            {"type":7,"item":{"type":1}}                       | false
            {"type":1,"type":6}                                | false
            {"type":"1"}                                       | false
            {"target":"t"}                                     | false
            {"type":99}                                        | false
            """)
    void ofFramedJsonTheTypeDecides(String message, boolean numbered) {
        byte[] frame = (message + "\36").getBytes(StandardCharsets.UTF_8);
        FramedMessages.checkJson(frame);
        assertThat(numbered(HubProtocols.JSON.encode(new ServerMessage.Framed(frame, null))))
                .isEqualTo(numbered);
    }

    @Test
    void ofFramedMessagePackTheTypeDecides() {
        assertThat(framed(2, 0x91, 6)).isFalse();
        assertThat(framed(2, 0x91, 5)).isTrue();
        assertThat(framed(3, 0x92, 8, 1)).isFalse();
        assertThat(framed(1, 0x90)).isFalse();
        assertThat(framed(2, 0x91, 0xC0)).isFalse();
        assertThat(framed(3, 0x92, 1, 0x80)).isTrue();
    }

    private static boolean framed(int... bytes) {
        byte[] frame = new byte[bytes.length];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) bytes[i];
        }
        FramedMessages.checkMessagePack(frame);
        return numbered(HubProtocols.MESSAGE_PACK.encode(new ServerMessage.Framed(null, frame)));
    }
}
