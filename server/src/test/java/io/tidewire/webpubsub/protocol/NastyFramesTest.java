package io.tidewire.webpubsub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.Cost;
import io.tidewire.service.protocol.HexText;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.protocol.VarInt;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows B6, B8 and B11: a megabyte made to cost us something. It is refused or read, and cheap either way. */
class NastyFramesTest {
    private static final int MEGABYTE = 1024 * 1024;
    private static final int MAX_MILLIS = 50;

    /** Far below what was sent: nothing but the few objects of one message, and a buffer that is no larger than the bounds on its maps. */
    private static final long SMALL = 128 * 1024;

    private enum Outcome {
        VIOLATION,
        REFUSED,
        READ
    }

    private static byte[] text(String start, IntFunction<String> item, String end) {
        var text = new StringBuilder(start);
        for (int i = 0; text.length() < MEGABYTE - 64; i++) {
            text.append(item.apply(i));
        }
        text.setLength(text.length() - (text.charAt(text.length() - 1) == ',' ? 1 : 0));
        return text.append(end).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] repeated(String hex) {
        byte[] once = HexText.bytes(hex);
        byte[] all = new byte[MEGABYTE / once.length * once.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = once[i % once.length];
        }
        return all;
    }

    /** One field of UpstreamMessage around the bytes. */
    private static byte[] field(String tag, byte[] value) {
        var message = Unpooled.buffer().writeBytes(HexText.bytes(tag));
        VarInt.write(message, value.length);
        message.writeBytes(value);
        return Arrays.copyOf(message.array(), message.writerIndex());
    }

    private static Outcome outcome(ClientProtocol protocol, byte[] input) {
        try {
            return protocol.read(Unpooled.wrappedBuffer(input)) instanceof ClientMessage.Refused
                    ? Outcome.REFUSED
                    : Outcome.READ;
        } catch (ProtocolViolation _) {
            return Outcome.VIOLATION;
        }
    }

    private static void cheap(ClientProtocol protocol, byte[] input, Outcome expected, long bytes) {
        Cost cost = Cost.of(() -> assertThat(outcome(protocol, input)).isEqualTo(expected));
        assertThat(cost.bytes()).as("bytes allocated").isLessThan(bytes);
        assertThat(cost.millis()).as("milliseconds").isLessThan(MAX_MILLIS);
    }

    private static void json(byte[] input, Outcome expected) {
        cheap(ClientProtocols.JSON, input, expected, SMALL);
    }

    private static void protobuf(byte[] input, Outcome expected) {
        cheap(ClientProtocols.PROTOBUF, input, expected, SMALL);
    }

    // B6

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void jsonDepth100k(String open) {
        json(
                ("{\"type\":\"event\",\"event\":\"e\",\"data\":" + open.repeat(100_000))
                        .getBytes(StandardCharsets.UTF_8),
                Outcome.VIOLATION);
        json(("{\"x\":" + open.repeat(100_000)).getBytes(StandardCharsets.UTF_8), Outcome.VIOLATION);
    }

    @Test
    void jsonNumbersOfAMillionDigits() {
        json(text("{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":1", i -> "0000000000", "}"), Outcome.VIOLATION);
        json(text("{\"type\":\"ping\",\"x\":1", i -> "0000000000", "}"), Outcome.VIOLATION);
    }

    @Test
    void jsonKeys() {
        json(text("{\"type\":\"ping\",", i -> "\"" + i + "\":0,", "}"), Outcome.READ);
        json(text("{\"type\":\"ping\",", i -> "\"group\":\"\",", "}"), Outcome.VIOLATION);
        json(text("{\"type\":\"ping\",\"metadata\":{", i -> "\"" + i + "\":\"\",", "}}"), Outcome.READ);
    }

    @Test
    void jsonMapsFullOfKeysAreRefusedEarly() {
        String event = "{\"type\":\"event\",\"event\":\"e\",\"data\":0,\"ackId\":1,\"metadata\":{";
        cheap(ClientProtocols.JSON, text(event, i -> "\"" + i + "\":\"\",", "}}"), Outcome.REFUSED, 16 * SMALL);
        cheap(ClientProtocols.JSON, text(event, i -> "\"a\":\"\",", "}}"), Outcome.REFUSED, 16 * SMALL);
        String state = "{\"type\":\"setGroupState\",\"group\":\"g\",\"ackId\":1,\"state\":{";
        cheap(ClientProtocols.JSON, text(state, i -> "\"" + i + "\":\"\",", "}}"), Outcome.REFUSED, 16 * MEGABYTE);
        cheap(ClientProtocols.JSON, text(state, i -> "\"\":\"\",", "}}"), Outcome.REFUSED, 16 * MEGABYTE);
    }

    @Test
    void jsonStrings() {
        json(text("{\"type\":\"ping\",\"x\":\"", i -> "\\ud800", "\"}"), Outcome.VIOLATION);
        json("{\"type\":\"ping\",\"x\":\"\u0000\"}".getBytes(StandardCharsets.UTF_8), Outcome.VIOLATION);
        json("\u0000{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8), Outcome.VIOLATION);
        String send = "{\"type\":\"sendToGroup\",\"group\":\"g\",\"dataType\":\"text\",\"data\":\"";
        cheap(ClientProtocols.JSON, text(send, i -> "\\ud83d\\ude00", "\"}"), Outcome.READ, MEGABYTE);
        cheap(
                ClientProtocols.JSON,
                text(send.replace("text", "binary"), i -> "AAAA", "!!!!\"}"),
                Outcome.VIOLATION,
                3 * MEGABYTE);
    }

    // B8

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0A FF FF FF FF 07",
                "32 FF FF FF FF 07 0A 01 'g'",
                "32 06 0A FF FF FF FF 07",
                "2A 08 12 06 12 FF FF FF FF 07", // binary data
                "2A 08 12 06 0A FF FF FF FF 07", // text
                "7A 0A 1A 08 0A 06 0A FF FF FF FF 07", // an entry of a map
                "9A 06 FF FF FF FF 07", // unknown
            })
    void protobufLengthsThatLie(String message) {
        protobuf(HexText.bytes(message), Outcome.VIOLATION);
    }

    @Test
    void protobufFieldsWithoutEnd() {
        cheap(ClientProtocols.PROTOBUF, repeated("4A 00"), Outcome.READ, 16 * MEGABYTE); // pings
        cheap(
                ClientProtocols.PROTOBUF,
                repeated("4A 00 32 00"),
                Outcome.REFUSED,
                16 * MEGABYTE); // pings and joins in turn: at last a join without a name
        protobuf(repeated("98 06 01"), Outcome.READ); // unknown
        protobuf(field("9A 06", new byte[MEGABYTE]), Outcome.READ);
        protobuf(field("32", repeated("98 06 01")), Outcome.REFUSED);
        protobuf(repeated("0B"), Outcome.VIOLATION); // groups inside each other
        protobuf(repeated("80"), Outcome.VIOLATION);
        protobuf(repeated("1A"), Outcome.VIOLATION);
    }

    @Test
    void protobufMapsFullOfKeysAreRefusedEarly() {
        byte[] metadata = repeated("22 03 0A 01 'k'");
        cheap(ClientProtocols.PROTOBUF, field("2A", metadata), Outcome.REFUSED, 16 * MEGABYTE);
        byte[] state = field("1A", repeated("0A 00"));
        cheap(ClientProtocols.PROTOBUF, field("7A", state), Outcome.REFUSED, 16 * MEGABYTE);
    }

    /** Parts of an Any are joined once, however many there are. */
    @Test
    void protobufAnyInManyParts() {
        byte[] parts = field("12", repeated("1A 00"));
        cheap(
                ClientProtocols.PROTOBUF,
                field("2A", join(HexText.bytes("0A 01 'e'"), parts)),
                Outcome.READ,
                128L * MEGABYTE);
    }

    /** What is in the value of an Any is not looked into, however deep it goes. */
    @Test
    void protobufRecursionInAny() {
        byte[] any = new byte[0];
        for (int depth = 0; depth < 1_000; depth++) {
            any = field("12", any);
        }
        byte[] event = join(HexText.bytes("0A 01 'e'"), field("12", field("1A", any)));
        protobuf(field("2A", event), Outcome.READ);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    // B11

    @Test
    void ackIdsAreUnsigned() {
        for (String ackId : new String[] {"0", "18446744073709551615"}) {
            var json = ClientProtocols.JSON.read(Unpooled.copiedBuffer(
                    "{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":" + ackId + "}", StandardCharsets.UTF_8));
            var protobuf = ClientProtocols.PROTOBUF.read(Unpooled.wrappedBuffer(
                    VendorMessages.upstream("join_group_message { group: 'g' ack_id: " + ackId + " }")));
            assertThat(json).isEqualTo(new ClientMessage.JoinGroup("g", Long.parseUnsignedLong(ackId)));
            assertThat(protobuf).isEqualTo(json);
        }
        for (String ackId : new String[] {"-1", "-0", "1.5", "18446744073709551616", "1e1", "\"1\""}) {
            json(
                    ("{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":" + ackId + "}")
                            .getBytes(StandardCharsets.UTF_8),
                    Outcome.VIOLATION);
        }
    }

    @Test
    void unknownTypes() {
        json("{\"type\":\"chat\"}".getBytes(StandardCharsets.UTF_8), Outcome.VIOLATION);
        json(text("{\"type\":\"", i -> "xxxxxxxxxx", "\"}"), Outcome.VIOLATION);
    }
}
