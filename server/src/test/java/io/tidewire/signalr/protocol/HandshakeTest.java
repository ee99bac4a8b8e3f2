package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.WireText.json;
import static io.tidewire.signalr.protocol.WireText.jsonText;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidewire.transport.EncodedFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static Handshake read(String request) {
        Handshake handshake = new HandshakeReader().read(Unpooled.wrappedBuffer(json(request)));
        assertThat(handshake).isNotNull();
        return handshake;
    }

    @ParameterizedTest
    @CsvSource({"json, 1, 0x81", "json, 2, 0x81", "messagepack, 1, 0x82", "messagepack, 2, 0x82"})
    void bothProtocolsInBothVersions(String protocol, int version, int header) {
        Handshake handshake = read("{\"protocol\":\"%s\",\"version\":%d};".formatted(protocol, version));

        HubProtocol expected = protocol.equals("json") ? HubProtocols.JSON : HubProtocols.MESSAGE_PACK;
        assertThat(handshake).isEqualTo(new Handshake.Accepted(expected, version));
        EncodedFrame response = handshake.response();
        assertThat(response.bytes().getUnsignedByte(response.bytes().readerIndex()))
                .isEqualTo((short) header);
        assertThat(jsonText(response)).isEqualTo("{};");
    }

    @Test
    void membersInAnyOrderAndUnknownOnes() {
        assertThat(read(" {\"version\":1 , \"x\":[{}], \"protocol\":\"json\"} ;"))
                .isEqualTo(new Handshake.Accepted(HubProtocols.JSON, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"protocol\":\"xml\",\"version\":1};|The protocol 'xml' is not supported.",
                "{\"protocol\":\"JSON\",\"version\":1};|The protocol 'JSON' is not supported.",
                "{\"protocol\":\"xml\",\"version\":99};|The protocol 'xml' is not supported.",
                "{\"protocol\":\"json\",\"version\":99};|The server does not support version 99 of the 'json' protocol.",
                "{\"protocol\":\"messagepack\",\"version\":0};|The server does not support version 0 of the 'messagepack' protocol.",
                "{\"protocol\":\"json\",\"version\":-1};|The server does not support version -1 of the 'json' protocol."
            })
    void refusedInTheWordsOfAspNetCore(String request, String error) {
        Handshake handshake = read(request);

        assertThat(handshake)
                .isInstanceOfSatisfying(
                        Handshake.Refused.class,
                        refused -> assertThat(refused.error()).isEqualTo(error));
        assertThat(jsonText(handshake.response())).isEqualTo("{\"error\":\"" + error + "\"};");
    }

    @Test
    void theNameThatIsRefusedIsEscaped() {
        EncodedFrame response =
                read("{\"protocol\":\"\\\"<\\u0001\",\"version\":1};").response();
        assertThat(response.bytes().getUnsignedByte(response.bytes().readerIndex()))
                .isEqualTo((short) 0x81);
        assertThat(jsonText(response)).isEqualTo("{\"error\":\"The protocol '\\\"<\\u0001' is not supported.\"};");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                "{};",
                "{\"protocol\":\"json\"};",
                "{\"version\":1};",
                "{\"protocol\":null,\"version\":1};",
                "{\"protocol\":\"json\",\"version\":\"1\"};",
                "{\"protocol\":\"json\",\"version\":1.5};",
                "{\"protocol\":\"json\",\"version\":1,\"version\":1};",
                "{\"protocol\":\"json\",\"protocol\":\"json\",\"version\":1};",
                "{\"protocol\":\"json\",\"version\":1}x;",
                "[\"json\",1];",
                "{\"type\":6};", // data before the handshake
                "{\"type\":1,\"target\":\"t\",\"arguments\":[]};",
            })
    void whatIsNoRequestIsRefused(String request) {
        Handshake handshake = read(request);

        assertThat(handshake).isInstanceOf(Handshake.Refused.class);
        assertThat(jsonText(handshake.response()))
                .isEqualTo("{\"error\":\"An unexpected error occurred during connection handshake.\"};");
    }

    @Test
    void hubMessagesMayFollowAtOnce() {
        ByteBuf payload = Unpooled.wrappedBuffer(json("{\"protocol\":\"json\",\"version\":1};{\"type\":6};"));

        assertThat(new HandshakeReader().read(payload)).isInstanceOf(Handshake.Accepted.class);
        assertThat(payload.toString(StandardCharsets.UTF_8)).isEqualTo("{\"type\":6}\u001e");
    }

    @Test
    void aRequestInPieces() {
        byte[] request = json("{\"protocol\":\"messagepack\",\"version\":1};");
        HandshakeReader reader = new HandshakeReader();

        for (int i = 0; i < request.length - 1; i++) {
            assertThat(reader.read(Unpooled.wrappedBuffer(request, i, 1))).isNull();
        }
        assertThat(reader.read(Unpooled.wrappedBuffer(request, request.length - 1, 1)))
                .isEqualTo(new Handshake.Accepted(HubProtocols.MESSAGE_PACK, 1));
    }

    @Test
    void withoutSeparatorItIsRefusedAtTheLimit() {
        byte[] endless = new byte[1 << 20];
        Arrays.fill(endless, (byte) ' ');
        assertThat(new HandshakeReader().read(Unpooled.wrappedBuffer(endless))).isInstanceOf(Handshake.Refused.class);

        HandshakeReader inPieces = new HandshakeReader();
        int fed = 0;
        while (inPieces.read(Unpooled.wrappedBuffer(endless, 0, 100)) == null) {
            fed += 100;
        }
        assertThat(fed).isBetween(HandshakeReader.MAX_REQUEST_BYTES - 200, HandshakeReader.MAX_REQUEST_BYTES);
    }

    @Test
    void aMegabyteBehindTheRequestIsNotItsBusiness() {
        byte[] request = json("{\"protocol\":\"json\",\"version\":1};");
        byte[] all = Arrays.copyOf(request, 1 << 20);
        assertThat(new HandshakeReader().read(Unpooled.wrappedBuffer(all))).isInstanceOf(Handshake.Accepted.class);
    }

    @Test
    void silenceIsAnsweredToo() {
        assertThat(jsonText(Handshake.CANCELED.response())).isEqualTo("{\"error\":\"Handshake was canceled.\"};");
    }
}
