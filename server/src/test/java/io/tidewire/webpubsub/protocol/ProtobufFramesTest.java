package io.tidewire.webpubsub.protocol;

import static io.tidewire.service.protocol.HexText.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tidewire.hub.MemberState;
import io.tidewire.service.protocol.ProtocolViolation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message in protobuf: as bytes with their meaning, and as the protobuf library itself reads and writes them. */
class ProtobufFramesTest {
    private static final ClientProtocol PROTOBUF = ClientProtocols.PROTOBUF;
    private static final ClientProtocol RELIABLE = ClientProtocols.PROTOBUF_RELIABLE;

    private static String read(byte[] bytes) {
        return Seen.of(PROTOBUF.read(Unpooled.wrappedBuffer(bytes)));
    }

    // --- bytes

    @Test
    void bytesAreRead() {
        assertThat(read(bytes("""
                        0A 0F           # send_to_group_message
                          0A 01 'g'     # group
                          10 07         # ack_id
                          1A 04         # data
                            0A 02 'hi'  # text_data
                          20 01         # no_echo
                          28 3C         # ttl_seconds
                        """))).isEqualTo("send g text hi ack=7 noEcho ttl=60");
        assertThat(read(bytes("""
                        7A 0F               # set_group_state_message
                          0A 01 'g'         # group
                          1A 0A             # state
                            0A 04           # entries
                              0A 02 'k1'    # key, and no value
                            0A 02
                              12 00         # a value, and no key
                        """))).isEqualTo("setState g {k1=, =}");
    }

    @Test
    void bytesAreWritten() {
        assertThat(Written.payload(RELIABLE.encode(new ServiceMessage.FromGroup(
                        "g",
                        "u",
                        new Payload(DataType.JSON, "[1]".getBytes(UTF_8)),
                        Metadata.of(Map.of("k", "v")),
                        0,
                        null))))
                .isEqualTo(bytes("""
                        12 1B               # data_message
                          0A 05 'group'     # from
                          12 01 'g'         # group
                          2A 06             # metadata
                            0A 01 'k'
                            12 01 'v'
                          1A 05             # data
                            22 03 '[1]'     # json_data
                          20 0C             # sequence_id
                        """));
        assertThat(Written.payload(PROTOBUF.ack(-1))).isEqualTo(bytes("""
                        0A 0D                               # ack_message
                          08 FF FF FF FF FF FF FF FF FF 01  # ack_id
                          10 01                             # success
                        """));
        assertThat(Written.payload(PROTOBUF.pong())).isEqualTo(bytes("22 00"));
    }

    // --- as the library writes

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            join_group_message { group: "g" }                             | join g
            join_group_message { group: "é" ack_id: 0 }                   | join é ack=0
            leave_group_message { group: "g" ack_id: 18446744073709551615 } | leave g ack=18446744073709551615
            send_to_group_message { group: "g" data { text_data: "" } }   | send g text
            send_to_group_message { group: "g" data { text_data: "a\\"é" } no_echo: true ttl_seconds: 300 ack_id: 1 } | send g text a"é ack=1 noEcho ttl=300
            send_to_group_message { group: "g" data { json_data: " {\\"a\\":1}" } no_echo: false } | send g json  {"a":1}
            send_to_group_message { group: "g" data { binary_data: "\\000\\377" } } | send g binary #00ff
            send_to_group_message { group: "g" data { protobuf_data { type_url: "a" value: "b" } } } | send g protobuf #0a0161120162
            send_to_group_message { group: "g" metadata { key: "K" value: "v" } } | send g text  {k=v}
            event_message { event: "e" data { text_data: "x" } ack_id: 9 metadata { key: "a" value: "1" } metadata { key: "b" value: "2" } } | event e text x ack=9 {a=1, b=2}
            sequence_ack_message { sequence_id: 18446744073709551615 }    | sequenceAck 18446744073709551615
            sequence_ack_message { }                                      | sequenceAck 0
            ping_message { }                                              | ping
            set_group_state_message { group: "g" ack_id: 1 }              | setState g null ack=1
            set_group_state_message { group: "g" state { } }              | setState g {}
            set_group_state_message { group: "g" state { entries { key: "a" value: "1" } entries { key: "b" value: "2" } } } | setState g {a=1, b=2}
            subscribe_group_state_message { group: "g" ack_id: 2 }        | subscribe g ack=2
            unsubscribe_group_state_message { group: "g" }                | unsubscribe g
            send_to_group_message { group: "g" ack_id: 3 stream { stream_id: "s" } } | refused ack=3 Streams need one of the JSON subprotocols.
            """)
    void isRead(String text, String expected) {
        assertThat(read(VendorMessages.upstream(text)).stripTrailing()).isEqualTo(expected);
    }

    @Test
    void whatIsBeyondALimitIsRefused() {
        assertThat(read(VendorMessages.upstream("join_group_message { ack_id: 1 }")))
                .startsWith("refused ack=1 Invalid group name.");
        assertThat(read(VendorMessages.upstream("event_message { ack_id: 1 data { text_data: '' } }")))
                .startsWith("refused ack=1 Invalid event name.");
        assertThat(
                        read(
                                VendorMessages.upstream(
                                        "send_to_group_message { group: 'g' ttl_seconds: 4294967295 data { text_data: '' } ack_id: 1 }")))
                .startsWith("refused ack=1 Invalid ttlSeconds.");
        assertThat(read(VendorMessages.upstream(
                        "event_message { event: 'e' data { json_data: '{' } metadata { key: 'a' } ack_id: 1 }")))
                .isEqualTo("refused ack=1 The data is not valid JSON.");
        assertThat(
                        read(
                                VendorMessages.upstream(
                                        "event_message { event: 'e' metadata { key: ' ' } metadata { key: 'a' value: 'b' } ack_id: 1 }")))
                .startsWith("refused ack=1 Invalid metadata key.");
        assertThat(read(VendorMessages.upstream(
                        "set_group_state_message { group: 'g' ack_id: 1 state { entries { key: 'a' value: '"
                                + "b".repeat(16_384) + "' } } }")))
                .startsWith("refused ack=1 The group state is too large.");
    }

    // --- as proto3 wants it

    private static byte[] join(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }

    @Test
    void twoMessagesOfOneKindAreMerged() {
        assertThat(
                        read(
                                join(
                                        VendorMessages.upstream(
                                                "send_to_group_message { group: 'a' ack_id: 1 data { protobuf_data { type_url: 't' value: 'v' } } metadata { key: 'a' value: '1' } }"),
                                        VendorMessages.upstream(
                                                "send_to_group_message { group: 'b' data { protobuf_data { value: 'w' } } metadata { key: 'a' value: '2' } }"))))
                .isEqualTo("send b protobuf #0a0174120176120177 ack=1 {a=2}");
    }

    @Test
    void theLastKindOfMessageWins() {
        assertThat(read(join(
                        VendorMessages.upstream(
                                "send_to_group_message { group: 'a' ack_id: 1 stream { stream_id: 's' } }"),
                        VendorMessages.upstream("leave_group_message { group: 'b' }"))))
                .isEqualTo("leave b");
        assertThat(read(join(
                        VendorMessages.upstream(
                                "event_message { event: 'e' data { protobuf_data { type_url: 't' } } }"),
                        VendorMessages.upstream("event_message { data { json_data: '1' } }"),
                        VendorMessages.upstream("event_message { data { protobuf_data { type_url: 'u' } } }"))))
                .isEqualTo("event e protobuf #0a0175");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "52 02 0A 00", // field 10: not public
                "5A 00",
                "62 00",
                "6A 00",
                "72 01 'x'",
                "08 01", // send_to_group_message, but a varint
                "9A 06 01 'x'", // field 99
                "", // an empty message
                "0D 00 00 00 00 09 00 00 00 00 00 00 00 00", // fixed32, fixed64
            })
    void whatIsUnknownIsSkipped(String message) {
        assertThat(read(bytes(message))).isEqualTo("nothing");
        assertThat(read(bytes(message + "4A 00"))).isEqualTo("ping");
        assertThat(read(bytes("4A 00" + message))).isEqualTo("ping");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08 01", // group as a varint
                "1A 01 'x'", // unknown, with a length
                "98 06 01", // unknown, a varint
                "9D 06 00 00 00 00", // unknown, fixed32
            })
    void unknownFieldsOfAMessageAreSkipped(String field) {
        int length = bytes(field).length;
        assertThat(read(bytes("32 %02X 0A 01 'g' %s".formatted(3 + length, field))))
                .isEqualTo("join g");
        assertThat(read(bytes("32 %02X %s 0A 01 'g'".formatted(3 + length, field))))
                .isEqualTo("join g");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0A", // no length
                "0A 01", // length beyond the end
                "0A FF FF FF FF 07",
                "0A FF FF FF FF 0F", // negative length
                "0A FF FF FF FF FF FF FF FF FF 01",
                "0A 80 80 80 80 80 80 80 80 80 80 01", // varint of eleven bytes
                "08 80", // truncated varint
                "80",
                "00", // field 0
                "02 00",
                "0E", // wire type 6
                "0F",
                "0B 0C", // a group
                "0C", // the end of a group
                "9B 06 9C 06", // an unknown group
                "32 03 0A 05 'g'", // group name beyond its message
                "32 04 0A 02 C3 28", // group name that is not UTF-8
                "0A 07 0A 01 'g' 1A 02 0A 05", // text beyond its data
                "0A 03 0A 01 'g'", // no data
                "0A 05 0A 01 'g' 1A 00", // empty data
                "0A 09 0A 01 'g' 1A 04 0A 02 C3 28", // text that is not UTF-8
                "0A 0A 0A 01 'g' 1A 05 1A 03 0A 05 'x'", // an Any that is none
                "0A 0A 0A 01 'g' 1A 05 1A 03 0A 01 FF",
                "0A 09 0A 01 'g' 1A 04 1A 02 0B 0C",
                "0A 0C 0A 01 'g' 1A 03 0A 01 'x' 32 01 0A", // metadata cut off
            })
    void isNoMessage(String message) {
        assertThatThrownBy(() -> read(bytes(message))).isInstanceOf(ProtocolViolation.class);
    }

    // --- as the library reads

    private static void written(ServiceMessage message, String expected) {
        assertThat(VendorMessages.downstream(Written.payload(PROTOBUF.encode(message))))
                .isEqualTo(expected.replace(" sequence_id: 12", ""));
        assertThat(VendorMessages.downstream(Written.payload(RELIABLE.encode(message))))
                .isEqualTo(expected);
    }

    @Test
    void messagesAreWritten() {
        written(
                new ServiceMessage.FromGroup(
                        "é", "u", JsonFramesTest.payload(DataType.TEXT, "x"), JsonFramesTest.metadata(), 0, null),
                "data_message { from: \"group\" group: \"\\303\\251\" data { text_data: \"x\" } sequence_id: 12"
                        + " metadata { key: \"a\" value: \"\\\"1\\\"\" } metadata { key: \"b\" value: \"2\" } }");
        written(
                new ServiceMessage.FromServer(JsonFramesTest.payload(DataType.BINARY, ""), Metadata.NONE, 0),
                "data_message { from: \"server\" data { binary_data: \"\" } sequence_id: 12 }");
    }

    @Test
    void groupStatesAreWritten() {
        written(
                new ServiceMessage.GroupState(
                        "g",
                        true,
                        List.of(
                                new MemberState("c1", "u", Map.of("k", "v"), 1700),
                                new MemberState("c2", null, Map.of(), 0),
                                new MemberState("c3", null, null, -1))),
                "group_state_snapshot_message { group: \"g\""
                        + " items { connection_id: \"c1\" user_id: \"u\" state { entries { key: \"k\" value: \"v\" } } updated_at: 1700 }"
                        + " items { connection_id: \"c2\" state { } }"
                        + " items { connection_id: \"c3\" updated_at: -1 } sequence_id: 12 }");
        written(
                new ServiceMessage.GroupState("g", false, List.of()),
                "group_state_update_message { group: \"g\" sequence_id: 12 }");
    }

    @Test
    void whatOneClientIsToldIsWritten() {
        assertThat(VendorMessages.downstream(Written.payload(PROTOBUF.connected("c", null, null))))
                .isEqualTo("system_message { connected_message { connection_id: \"c\" } }");
        assertThat(VendorMessages.downstream(Written.payload(RELIABLE.connected("c", "u", "t"))))
                .isEqualTo(
                        "system_message { connected_message { connection_id: \"c\" user_id: \"u\" reconnection_token: \"t\" } }");
        assertThat(VendorMessages.downstream(Written.payload(PROTOBUF.disconnected("why"))))
                .isEqualTo("system_message { disconnected_message { reason: \"why\" } }");
        assertThat(VendorMessages.downstream(Written.payload(PROTOBUF.ack(1))))
                .isEqualTo("ack_message { ack_id: 1 success: true }");
        assertThat(VendorMessages.downstream(Written.payload(PROTOBUF.failedAck(-1, "Forbidden", "no"))))
                .isEqualTo(
                        "ack_message { ack_id: 18446744073709551615 error { name: \"Forbidden\" message: \"no\" } }");
        assertThat(VendorMessages.downstream(Written.payload(PROTOBUF.pong()))).isEqualTo("pong_message { }");
    }

    /** The end of a stream has no data, and no meaning without the stream. */
    @Test
    void aStreamIsMessagesWithoutItsEnd() {
        Payload data = JsonFramesTest.payload(DataType.TEXT, "x");
        var part = new ServiceMessage.StreamPart("s", 1, false, null);
        written(
                new ServiceMessage.FromGroup("g", null, data, Metadata.NONE, 0, part),
                "data_message { from: \"group\" group: \"g\" data { text_data: \"x\" } sequence_id: 12 }");
        var end = new ServiceMessage.StreamPart("s", 2, true, null);
        var message = new ServiceMessage.FromGroup("g", null, Payload.EMPTY_TEXT, Metadata.NONE, 0, end);
        assertThat(PROTOBUF.encode(message)).isNull();
        assertThat(RELIABLE.encode(message)).isNull();
        assertThat(SimpleDialect.INSTANCE.encode(message)).isNull();
    }
}
