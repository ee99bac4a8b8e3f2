package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static io.tidewire.signalr.protocol.WireText.payload;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message type in MessagePack, as it is on the wire. */
class MessagePackWireTest {
    private static final HubProtocol MSGPACK = HubProtocols.MESSAGE_PACK;
    private static final MessagePackArguments ONE_TWO = MessagePackArguments.of(bytes("92 01 02"));

    private static Stream<Arguments> written() {
        return Stream.of(
                Arguments.of(
                        "invocation",
                        payload(MSGPACK.invocation(null, "send", ONE_TWO)),
                        """
                        0D              # 13 bytes
                        96 01           # array of 6: Invocation
                        80              # no headers
                        C0              # no invocation id
                        A4 'send'       # target
                        92 01 02        # arguments
                        90              # no streams
                        """,
                        "invocation id=null target=send arguments=920102 streams=0"),
                Arguments.of(
                        "invocation with id",
                        payload(MSGPACK.invocation("i1", "send", ONE_TWO)),
                        """
                        0F
                        96 01 80
                        A2 'i1'
                        A4 'send'
                        92 01 02
                        90
                        """,
                        "invocation id=i1 target=send arguments=920102 streams=0"),
                Arguments.of(
                        "stream item",
                        payload(MSGPACK.streamItem("i2", bytes("81 A1 'n' 01"))),
                        """
                        0A
                        94 02 80        # array of 4: StreamItem, no headers
                        A2 'i2'
                        81 A1 'n' 01    # {n: 1}
                        """,
                        "streamItem id=i2 item=81a16e01"),
                Arguments.of(
                        "completion, void",
                        payload(MSGPACK.completion("i3", null)),
                        """
                        07
                        94 03 80        # array of 4: Completion, no headers
                        A2 'i3'
                        02              # nothing
                        """,
                        "completion id=i3 error=null result=none"),
                Arguments.of(
                        "completion, error",
                        payload(MSGPACK.completion("i3", "no")),
                        """
                        0A
                        95 03 80
                        A2 'i3'
                        01              # an error
                        A2 'no'
                        """,
                        "completion id=i3 error=no result=none"),
                Arguments.of(
                        "completion, result",
                        payload(MSGPACK.completionWithResult("i3", bytes("C0"))),
                        """
                        08
                        95 03 80
                        A2 'i3'
                        03              # a value
                        C0
                        """,
                        "completion id=i3 error=null result=c0"),
                Arguments.of(
                        "stream invocation",
                        payload(MSGPACK.streamInvocation("i4", "send", ONE_TWO)),
                        """
                        0F
                        96 04 80
                        A2 'i4'
                        A4 'send'
                        92 01 02
                        90
                        """,
                        "streamInvocation id=i4 target=send arguments=920102 streams=0"),
                Arguments.of(
                        "cancel invocation", payload(MSGPACK.cancelInvocation("i4")), """
                        06
                        93 05 80
                        A2 'i4'
                        """, "cancelInvocation id=i4"),
                Arguments.of("ping", payload(MSGPACK.ping()), "02 91 06", "ping"),
                Arguments.of(
                        "close",
                        payload(MSGPACK.close(null, false)),
                        "04 93 07 C0 C2",
                        "close error=null reconnect=false"),
                Arguments.of(
                        "close, error", payload(MSGPACK.close("gone", true)), """
                        08
                        93 07
                        A4 'gone'
                        C3              # may reconnect
                        """, "close error=gone reconnect=true"),
                Arguments.of("ack", payload(MSGPACK.ack(1394)), "05 92 08 CD 05 72", "ack 1394"),
                Arguments.of(
                        "sequence",
                        payload(MSGPACK.sequence(Long.MAX_VALUE)),
                        "0B 92 09 CF 7F FF FF FF FF FF FF FF",
                        "sequence 9223372036854775807"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void written(String name, byte[] frame, String fixture, String seen) {
        assertThat(hex(frame)).isEqualTo(hex(bytes(fixture)));
        assertThat(Seen.of(MSGPACK, frame)).containsExactly(seen);
    }

    private static Stream<Arguments> read() {
        return Stream.of(
                Arguments.of(
                        "the old form with five elements", """
                        95 01 80 C0 A1 't' 90
                        """, "invocation id=null target=t arguments=90 streams=0"),
                Arguments.of("streams of the client", """
                        96 01 80 C0 A1 't' 90
                        92 A1 'x' A1 'y'
                        """, "invocation id=null target=t arguments=90 streams=2"),
                Arguments.of("headers", """
                        96 01 81 A1 'k' A1 'v' C0 A1 't' 90 90
                        """, "invocation id=null target=t arguments=90 streams=0"),
                Arguments.of("nil for headers and streams", """
                        96 01 C0 C0 A1 't' 90 C0
                        """, "invocation id=null target=t arguments=90 streams=0"),
                Arguments.of(
                        "an empty invocation id means none", """
                        96 01 80 A0 A1 't' 90 90
                        """, "invocation id=null target=t arguments=90 streams=0"),
                Arguments.of(
                        "one element more than we know", """
                        97 01 80 C0 A1 't' 90 90 81 A1 'z' 93 01 02 03
                        """, "invocation id=null target=t arguments=90 streams=0"),
                Arguments.of("longer headers than needed", """
                        DC 00 02        # array16 of 2
                        D2 00 00 00 08  # int32 8
                        D3 00 00 00 00 00 00 00 05
                        """, "ack 5"),
                Arguments.of("a close without allowReconnect", "92 07 C0", "close error=null reconnect=false"),
                Arguments.of("a ping with more to say", "92 06 01", "ping"),
                Arguments.of("a type from the future", "92 63 80", "unknown 99"),
                Arguments.of(
                        "every kind of value",
                        """
                        94 02 80 A1 'i'
                        DE 00 0F                    # map16 of 15
                        01 CC FF   02 CD FF FF   03 CE FF FF FF FF   04 CF FF FF FF FF FF FF FF FF
                        05 D0 80   06 D1 80 00   07 D2 80 00 00 00   E0 D3 80 00 00 00 00 00 00 00
                        CA 3F 80 00 00 C2
                        CB 3F F0 00 00 00 00 00 00 C3
                        C4 01 00 C5 00 01 00        # bin8 -> bin16
                        C6 00 00 00 01 00 C0
                        D4 05 00 D5 05 00 00
                        C7 03 05 00 00 00 D6 FF 00 00 00 00
                        D9 01 'a' DA 00 01 'b'
                        """,
                        "streamItem id=i item=de000f01ccff02cdffff03ceffffffff04cfffffffffffffffff05d08006d1800007d280000000"
                                + "e0d38000000000000000ca3f800000c2cb3ff0000000000000c3c40100c5000100c60000000100c0d40500"
                                + "d5050000c70305000000d6ff00000000d90161da000162"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void read(String name, String fixture, String seen) {
        assertThat(Seen.of(MSGPACK, prefixed(bytes(fixture)))).containsExactly(seen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // an empty message
                "90", // no type
                "80", // a map
                "06",
                "91 A1 '6'", // the type is no number
                "91 CB 40 18 00 00 00 00 00 00",
                "91 CF FF FF FF FF FF FF FF FF",
                "91 CE FF FF FF FF", // beyond an int
                "91 06 00", // trailing byte
                "91 06 91 06", // a second message inside the length
                "92 06", // one element missing
                "94 01 80 C0 A1 't'", // no arguments
                "95 01 90 C0 A1 't' 90", // headers are an array
                "95 01 80 07 A1 't' 90", // invocation id is a number
                "95 01 80 C0 C0 90", // no target
                "95 01 80 C0 A0 90", // empty target
                "95 01 80 C0 A1 't' 80", // arguments are a map
                "95 01 80 C0 A1 't' C0", // arguments are nil
                "96 01 80 C0 A1 't' 90 91 01", // a stream id is a number
                "95 01 80 C0 A1 FF 90", // invalid UTF-8 in target
                "95 01 80 C0 A1 't' 91 A3 ED A0 80", // a surrogate in UTF-8
                "95 01 80 C0 A1 't' 91 C1", // the unused code
                "94 02 80 C0 01", // no invocation id
                "94 02 80 A0 01", // empty invocation id
                "93 02 80 A1 'i'", // no item
                "93 03 80 A1 'i'", // no kind
                "94 03 80 A1 'i' 01", // kind error without error
                "95 03 80 A1 'i' 01 C0", // error is nil
                "94 03 80 A1 'i' 03", // kind value without value
                "95 03 80 A1 'i' 04 01", // unknown kind
                "95 04 80 C0 A1 't' 90", // no invocation id
                "92 05 80",
                "91 07",
                "93 07 C0 01", // allowReconnect is a number
                "91 08",
                "92 08 FF", // negative
                "92 09 CF FF FF FF FF FF FF FF FF", // beyond a long
                "92 09 C0",
            })
    void refused(String fixture) {
        assertThatThrownBy(() -> Seen.of(MSGPACK, prefixed(bytes(fixture))))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageStartingWith("MessagePack: ")
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }

    static final Iterable<Integer> LENGTHS = List.of(0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152);

    @ParameterizedTest
    @FieldSource("LENGTHS")
    void lengthsOfEverySizeAreWrittenAndRead(int length) {
        byte[] target = new byte[length];
        Arrays.fill(target, (byte) 'x');
        byte[] arguments = new byte[length + 6];
        arguments[0] = (byte) 0x91;
        arguments[1] = (byte) 0xDB; // str32
        ByteBuffer.wrap(arguments).putInt(2, length);
        System.arraycopy(target, 0, arguments, 6, length);

        byte[] frame = payload(MSGPACK.invocation(null, "t", MessagePackArguments.of(arguments)));

        Seen seen = new Seen(MSGPACK);
        try (HubMessageReader reader = new HubMessageReader(MSGPACK, 1 << 22)) {
            reader.read(Unpooled.wrappedBuffer(frame), seen);
        }
        assertThat(seen.lines).singleElement().asString().contains(hex(arguments));
        int message = length + 6 + 7;
        int prefix = message < 128 ? 1 : message < 16_384 ? 2 : message < 2_097_152 ? 3 : 4;
        assertThat(frame).hasSize(prefix + message);
    }
}
