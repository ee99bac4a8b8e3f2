package io.tidewire.signalr.rest;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static io.tidewire.signalr.protocol.WireText.json;
import static io.tidewire.signalr.protocol.WireText.jsonText;
import static io.tidewire.signalr.protocol.WireText.payload;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidewire.http.Problem;
import io.tidewire.signalr.protocol.HubProtocol;
import io.tidewire.signalr.protocol.HubProtocols;
import io.tidewire.signalr.protocol.ServerMessage;
import io.tidewire.transport.EncodedFrame;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadMessageTest {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String MSGPACK = "application/x-msgpack";
    private static final String FRAMED = "application/octet-stream";

    private static ServerMessage read(@Nullable String type, byte[] body) {
        ByteBuf buffer = Unpooled.directBuffer()
                .writeBytes(new byte[] {'x'})
                .skipBytes(1)
                .writeBytes(body);
        try {
            ServerMessage message = PayloadMessage.read(type, buffer);
            assertThat(buffer.readableBytes()).isEqualTo(body.length);
            return message;
        } finally {
            assertThat(buffer.release()).isTrue();
        }
    }

    private static ServerMessage readJson(String body) {
        return read(JSON, body.getBytes(UTF_8));
    }

    private static EncodedFrame encode(HubProtocol protocol, ServerMessage message) {
        return (EncodedFrame) Objects.requireNonNull(protocol.encode(message));
    }

    private static Problem refused(String type, byte[] body) {
        Problem[] problem = new Problem[1];
        assertThatThrownBy(() -> read(type, body)).isInstanceOfSatisfying(Problem.class, p -> problem[0] = p);
        assertThat(problem[0].code()).isEqualTo("Error.Request.Invalid");
        assertThat(problem[0].status()).isEqualTo(400);
        return problem[0];
    }

    // application/json

    @Test
    void jsonArgumentsReachJsonClientsByteForByte() {
        ServerMessage message =
                readJson(" {\"Target\" : \"send\", \"Arguments\":[ 1.10, {\"a\" : 1e2},\"\\u00e9\" ] } ");

        assertThat(jsonText(encode(HubProtocols.JSON, message)))
                .isEqualTo("{\"type\":1,\"target\":\"send\",\"arguments\":[ 1.10, {\"a\" : 1e2},\"\\u00e9\" ]};");
        assertThat(hex(payload(encode(HubProtocols.MESSAGE_PACK, message)))).isEqualTo(hex(bytes("""
                23                                  # 35 bytes
                96 01 80 C0 A4 'send'
                93
                CB 3F F1 99 99 99 99 99 9A          # 1.1
                81 A1 'a' CB 40 59 00 00 00 00 00 00
                A2 C3 A9
                90
                """)));
        assertThat(message.size()).isGreaterThan(40).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"target\":\"t\"}",
                "{\"target\":\"t\",\"arguments\":null}",
                "{\"target\":\"t\",\"arguments\":[]}",
                "{\"ARGUMENTS\":[],\"TARGET\":\"t\",\"other\":{\"target\":1}}",
                "{\"tArGeT\":\"\\u0074\",\"\\u0061rguments\":[]}"
            })
    void noArgumentsMeansAnEmptyList(String body) {
        ServerMessage message = readJson(body);
        assertThat(jsonText(encode(HubProtocols.JSON, message)))
                .isEqualTo("{\"type\":1,\"target\":\"t\",\"arguments\":[]};");
        assertThat(hex(payload(encode(HubProtocols.MESSAGE_PACK, message))))
                .isEqualTo(hex(bytes("08 96 01 80 C0 A1 't' 90 90")));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "application/json", "Application/JSON ;charset=utf-8", "text/json"})
    void contentTypesThatMeanJson(@Nullable String type) {
        assertThat(read(type, "{\"target\":\"t\"}".getBytes(UTF_8))).isInstanceOf(ServerMessage.Invocation.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | expected an object but found '[' at byte 0",
                "\"t\" | expected an object but found '\"' at byte 0",
                "{} | 'target' is required and must not be empty",
                "{\"target\":\"\"} | 'target' is required and must not be empty",
                "{\"target\":null} | expected a string but found 'n' at byte 10",
                "{\"target\":1} | expected a string but found '1' at byte 10",
                "{\"arguments\":[]} | 'target' is required and must not be empty",
                "{\"target\":\"t\",\"arguments\":{}} | expected an array but found '{' at byte 26",
                "{\"target\":\"t\",\"arguments\":\"x\"} | expected an array but found '\"' at byte 26",
                "{\"target\":\"t\",\"Target\":\"t\"} | a second member 'target' at byte 23",
                "{\"target\":\"t\",\"arguments\":null,\"Arguments\":[]} | a second member 'arguments' at byte 43",
                "{\"target\":\"t\"}{} | expected the end but found '{' at byte 14",
                "{\"target\":\"t\"} x | expected the end but found 'x' at byte 15",
                "{\"target\":\"t\" | expected ',' or '}' but the text ends at byte 13",
                "{\"target\":\"t\",\"arguments\":[1,]} | expected a value but found ']' at byte 29",
                "{\"target\":\"\\ud800\"} | a lone surrogate in a string at byte 11",
            })
    void jsonThatIsRefused(String body, String why) {
        assertThat(refused(JSON, body.getBytes(UTF_8)).message())
                .isEqualTo("The request body is not valid. JSON: " + why + ".");
    }

    @Test
    void nestingAndNulBytesAreRefused() {
        String deep = "{\"target\":\"t\",\"arguments\":" + "[".repeat(100_000);
        assertThat(refused(JSON, deep.getBytes(UTF_8)).message()).contains("nested deeper than 64 levels");
        assertThat(refused(JSON, "{\"target\":\"t\"}\u0000".getBytes(UTF_8)).message())
                .contains("0x00 at byte 14");
    }

    @ParameterizedTest
    @ValueSource(strings = {JSON, MSGPACK, FRAMED})
    void anEmptyBodyIsNamed(String type) {
        assertThat(refused(type, new byte[0]).message()).isEqualTo("Message in request body is required.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonx"})
    void otherContentTypesAreNotSupported(String type) {
        assertThatThrownBy(() -> read(type, new byte[] {1})).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.status()).isEqualTo(415);
            assertThat(problem.message()).contains("'" + type + "'").contains("application/x-msgpack");
        });
    }

    // application/x-msgpack

    @ParameterizedTest
    @ValueSource(
            strings = {
                "92 A1 't' 92 01 C4 01 FF",
                "82 A6 'target' A1 't' A9 'arguments' 92 01 C4 01 FF",
                "84 A9 'ARGUMENTS' 92 01 C4 01 FF A1 'x' 90 07 80 A6 'Target' A1 't'",
            })
    void messagePackArgumentsReachMessagePackClientsByteForByte(String body) {
        ServerMessage message = read(MSGPACK, bytes(body));
        assertThat(hex(payload(encode(HubProtocols.MESSAGE_PACK, message))))
                .isEqualTo(hex(bytes("0C 96 01 80 C0 A1 't' 92 01 C4 01 FF 90")));
        assertThat(jsonText(encode(HubProtocols.JSON, message)))
                .isEqualTo("{\"type\":1,\"target\":\"t\",\"arguments\":[1,\"/w==\"]};");
    }

    @ParameterizedTest
    @ValueSource(strings = {"92 A1 't' C0", "81 A6 'target' A1 't'", "82 A6 'target' A1 't' A9 'arguments' C0"})
    void noMessagePackArgumentsMeansAnEmptyList(String body) {
        assertThat(hex(payload(encode(HubProtocols.MESSAGE_PACK, read(MSGPACK, bytes(body))))))
                .isEqualTo(hex(bytes("08 96 01 80 C0 A1 't' 90 90")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C0",
                "A1 't'",
                "90",
                "91 A1 't'",
                "93 A1 't' 90 90",
                "92 A0 90", // empty target
                "92 C0 90",
                "92 A1 't' 80", // arguments are a map
                "92 A1 't' 90 90", // trailing byte
                "80",
                "81 A9 'arguments' 90",
                "82 A6 'target' A1 't' A6 'TARGET' A1 't'",
                "83 A6 'target' A1 't' A9 'arguments' C0 A9 'arguments' C0",
                "92 A1 't' 91 81 90 C0", // an array as a map key
                "92 A1 't' DD 7F FF FF FF",
                "92 A1 't' 91 C1",
                "92 A1 FF 90"
            })
    void messagePackThatIsRefused(String body) {
        assertThat(refused(MSGPACK, bytes(body)).message()).startsWith("The request body is not valid. MessagePack: ");
    }

    // application/octet-stream

    private static byte[] framed(byte @Nullable [] json, byte @Nullable [] messagePack) {
        ByteBuf body = Unpooled.buffer();
        body.writeByte(0x80 | (json == null ? 0 : 1) + (messagePack == null ? 0 : 1));
        if (json != null) {
            body.writeBytes(bytes("A4 'json' C4")).writeByte(json.length).writeBytes(json);
        }
        if (messagePack != null) {
            body.writeBytes(bytes("AB 'messagepack' C4"))
                    .writeByte(messagePack.length)
                    .writeBytes(messagePack);
        }
        return Arrays.copyOf(body.array(), body.readableBytes());
    }

    @Test
    void framedMessagesReachTheirClientsByteForByte() {
        byte[] json = json("{\"type\":1,\"target\":\"t\",\"arguments\":[1.0]};");
        byte[] pack = bytes("87 00 95 01 80 C0 A1 't' 90"); // a length with a spare zero stays as it is
        ServerMessage both = read(FRAMED, framed(json, pack));
        assertThat(payload(encode(HubProtocols.JSON, both))).isEqualTo(json);
        assertThat(payload(encode(HubProtocols.MESSAGE_PACK, both))).isEqualTo(pack);

        ServerMessage onlyPack = read(FRAMED, framed(null, pack));
        assertThat(HubProtocols.JSON.encode(onlyPack)).isNull();
        assertThat(payload(encode(HubProtocols.MESSAGE_PACK, onlyPack))).isEqualTo(pack);
    }

    @Test
    void protocolsThatWeDoNotKnowAreIgnored() {
        ServerMessage message = read(FRAMED, bytes("81 AA 'blazorpack' C4 01 00"));
        assertThat(message).isEqualTo(new ServerMessage.Framed(null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no separator at all
                "{\"type\":6}",
                ";",
                "[];",
                "{\"type\":6};{\"type\":6};",
                "{\"type\":6};;",
                "{\"type\":6;",
                "{\"a\":\"\\ud800\"};"
            })
    void framedJsonThatIsRefused(String frame) {
        assertThat(refused(FRAMED, framed(json(frame), null)).message()).contains("JSON: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02",
                "02 91",
                "03 91 06",
                "01 91 06",
                "01 06",
                "01 80",
                "00",
                "80",
                "FF FF FF FF FF 91 06",
                "03 91 06 00",
                "02 91 06 02 91 06",
                "02 91 C1"
            })
    void framedMessagePackThatIsRefused(String frame) {
        assertThat(refused(FRAMED, framed(null, bytes(frame))).message()).contains("MessagePack: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // names no protocol
                "90",
                "C0",
                "81 A4 'json' A2 '{}'", // a string is no bin
                "81 A4 'json' C0",
                "81 A4 'json' C6 7F FF FF FF",
                "82 A4 'json' C4 03 '{}' 1E A4 'json' C4 03 '{}' 1E",
                "81 A4 'json' C4 03 '{}' 1E 00", // trailing byte
                "82 A4 'json' C4 03 '{}' 1E"
            })
    void framedMapThatIsRefused(String body) {
        assertThat(refused(FRAMED, bytes(body)).message()).contains("MessagePack: ");
    }
}
