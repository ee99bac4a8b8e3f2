package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidewire.http.Budget;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of RFC 6455, 5, that a client must keep, byte for byte. The mask is 01 02 03 04 where nothing is said of it. */
class FrameReaderTest {
    private static final int LIMIT = 100_000;

    static final List<Arguments> GOOD = List.of(
            Arguments.of("the example of 5.7", "81 85 37fa213d 7f9f4d5158", "TEXT last ascii 48656c6c6f"),
            Arguments.of("nothing", "82 80 01020304", "BINARY last ascii "),
            Arguments.of("one byte", "82 81 01020304 01", "BINARY last ascii 00"),
            Arguments.of(
                    "as long as the mask and one more", "82 85 01020304 0103020508", "BINARY last ascii 0001010109"),
            Arguments.of("eight bytes", "82 88 01020304 0000000000000000", "BINARY last ascii 0102030401020304"),
            Arguments.of(
                    "fifteen bytes",
                    "82 8f 01020304 000000000000000000000000000000",
                    "BINARY last ascii 010203040102030401020304010203"),
            Arguments.of(
                    "not ASCII in the first eight", "82 88 01020304 8000000000000000", "BINARY last 8102030401020304"),
            Arguments.of(
                    "not ASCII behind them", "82 89 01020304 000000000000000080", "BINARY last 010203040102030481"),
            Arguments.of("a mask that is not ASCII", "82 82 80808080 e1e2", "BINARY last ascii 6162"),
            Arguments.of("a mask of zeros", "82 82 00000000 e162", "BINARY last e162"),
            Arguments.of("a ping", "89 81 01020304 60", "PING last ascii 61"),
            Arguments.of("a pong", "8a 80 01020304", "PONG last ascii "),
            Arguments.of("a close", "88 82 01020304 02ea", "CLOSE last 03e8"),
            Arguments.of(
                    "the longest ping", "89 fd 00000000" + "00".repeat(125), "PING last ascii " + "00".repeat(125)),
            Arguments.of(
                    "126 bytes", "82 fe 007e 00000000" + "00".repeat(126), "BINARY last ascii " + "00".repeat(126)),
            Arguments.of(
                    "65,535 bytes",
                    "82 fe ffff 00000000" + "00".repeat(65_535),
                    "BINARY last ascii " + "00".repeat(65_535)),
            Arguments.of(
                    "65,536 bytes",
                    "82 ff 0000000000010000 00000000" + "00".repeat(65_536),
                    "BINARY last ascii " + "00".repeat(65_536)),
            Arguments.of(
                    "as long as it may be",
                    "82 ff 00000000000186a0 00000000" + "00".repeat(LIMIT),
                    "BINARY last ascii " + "00".repeat(LIMIT)),
            Arguments.of(
                    "fragments, and a ping between them",
                    "01 81 00000000 61  89 80 00000000  00 81 00000000 62  80 81 00000000 63  81 80 00000000",
                    "TEXT ascii 61|PING last ascii |CONTINUATION ascii 62|CONTINUATION last ascii 63|TEXT last ascii "));

    /** Each as soon as the last of these bytes is there. */
    static final List<Arguments> BAD = List.of(
            Arguments.of("RSV1", "c1 81", "1002 A reserved bit is set, though no extension was agreed on"),
            Arguments.of("RSV2", "a1 81", "1002 A reserved bit is set, though no extension was agreed on"),
            Arguments.of("RSV3, on a ping", "99 80", "1002 A reserved bit is set, though no extension was agreed on"),
            Arguments.of("no mask", "81 01", "1002 A frame of a client must be masked"),
            Arguments.of("no mask, on a close", "88 00", "1002 A frame of a client must be masked"),
            Arguments.of("opcode 3", "83 80", "1002 The opcode 3 is reserved"),
            Arguments.of("opcode 7", "07 80", "1002 The opcode 7 is reserved"),
            Arguments.of("opcode 11", "8b 80", "1002 The opcode 11 is reserved"),
            Arguments.of("opcode 15", "8f 80", "1002 The opcode 15 is reserved"),
            Arguments.of("a ping in fragments", "09 80", "1002 A control frame must not be fragmented"),
            Arguments.of("a close in fragments", "08 80", "1002 A control frame must not be fragmented"),
            Arguments.of("a ping of more than 125 bytes", "89 fe", "1002 A control frame has at most 125 bytes"),
            Arguments.of("a pong of more than 65,535 bytes", "8a ff", "1002 A control frame has at most 125 bytes"),
            Arguments.of("a close of one byte", "88 81", "1002 A close frame has no half of a code"),
            Arguments.of("a continuation first", "80 81", "1002 A continuation of no message"),
            Arguments.of("125 in two bytes", "82 fe 007d", "1002 A length must have its shortest form"),
            Arguments.of("0 in two bytes", "82 fe 0000", "1002 A length must have its shortest form"),
            Arguments.of(
                    "65,535 in eight bytes", "82 ff 000000000000ffff", "1002 A length must have its shortest form"),
            Arguments.of("1 in eight bytes", "82 ff 0000000000000001", "1002 A length must have its shortest form"),
            Arguments.of("a negative length", "82 ff 8000000000010000", "1002 A length must not be negative"),
            Arguments.of(
                    "one byte too many",
                    "82 ff 00000000000186a1",
                    "1009 Message over the limit of 100000 bytes (websocket.maxMessageBytes)"),
            Arguments.of(
                    "as many as can be said",
                    "82 ff 7fffffffffffffff",
                    "1009 Message over the limit of 100000 bytes (websocket.maxMessageBytes)"),
            Arguments.of(
                    "a length whose lower half would do",
                    "82 ff 0000000100000001",
                    "1009 Message over the limit of 100000 bytes (websocket.maxMessageBytes)"));

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
    private final Budget budget = new Budget(1000);
    private final List<String> heard = new ArrayList<>();
    private Consumer<String> reaction = event -> {};
    private final FrameReader reader = reader(budget);

    private FrameReader reader(Budget from) {
        return new FrameReader(
                new FrameReader.Listener() {
                    @Override
                    public void onFrame(FrameReader.Opcode opcode, boolean last, ByteBuf payload, boolean ascii) {
                        String bytes = ByteBufUtil.hexDump(payload);
                        hear(opcode + (last ? " last" : "") + (ascii ? " ascii " : " ") + bytes);
                    }

                    @Override
                    public void onViolation(WireClose answer) {
                        hear(answer.code() + " " + answer.reason());
                    }

                    @Override
                    public void onNoRoom() {
                        hear("no room");
                    }
                },
                LIMIT,
                from);
    }

    private void hear(String event) {
        heard.add(event);
        reaction.accept(event);
    }

    @AfterEach
    void nothingIsLeft() {
        reader.stop();
        assertThat(budget.used()).as("counted").isZero();
        assertThat(memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory())
                .as("bytes not given back")
                .isZero();
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("GOOD")
    void aFrame(String name, String hex, String frames) {
        read(hex);

        assertThat(heard).containsExactly(frames.split("\\|"));
        assertThat(budget.used()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("GOOD")
    void aFrameInPieces(String name, String hex, String frames) {
        var roomy = new Budget(1 << 20);
        FrameReader slow = reader(roomy);
        byte[] bytes = bytes(hex);
        int step = bytes.length > 1000 ? 977 : 1;
        for (int i = 0; i < bytes.length; i += step) {
            read(slow, bytes, i, Math.min(bytes.length, i + step));
        }

        assertThat(heard).containsExactly(frames.split("\\|"));
        assertThat(roomy.used()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("BAD")
    void whatIsNoFrame(String name, String hex, String verdict) {
        read("81 81 00000000 61" + hex + "00 00 00 00 00");
        read("81 81 00000000 62");

        assertThat(heard).containsExactly("TEXT last ascii 61", verdict);
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("BAD")
    void whatIsNoFrameIsKnownWithItsLastByte(String name, String hex, String verdict) {
        byte[] bytes = bytes(hex);
        for (int i = 0; i < bytes.length; i++) {
            assertThat(heard).isEmpty();
            read(reader, bytes, i, i + 1);
        }

        assertThat(heard).containsExactly(verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "81", "82"})
    void aMessageInsideAMessage(String first) {
        read("01 80 00000000  89 80 00000000 " + first + "80");

        assertThat(heard).containsExactly("TEXT ascii ", "PING last ascii ", "1002 A message inside a message");
    }

    @Test
    void aMessageEndsOnce() {
        read("02 80 00000000  80 80 00000000  80 80 00000000");

        assertThat(heard)
                .containsExactly("BINARY ascii ", "CONTINUATION last ascii ", "1002 A continuation of no message");
    }

    @Test
    void whatHasNotEndedIsCountedAndWhatHasIsNot() {
        read("81 81 00000000 61  81");
        assertThat(budget.used()).isEqualTo(1);
        read("83 00000000 61");
        assertThat(budget.used()).isEqualTo(7);
        reaction = event -> assertThat(budget.used()).isZero();
        read("62 63  81 81 00000000");
        assertThat(budget.used()).isEqualTo(6);
        read("64");

        assertThat(heard).containsExactly("TEXT last ascii 61", "TEXT last ascii 616263", "TEXT last ascii 64");
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatIsKeptGrowsWithWhatComes() {
        read("82 ff 0000000000010000 00000000" + "00".repeat(86));

        assertThat(budget.used()).isEqualTo(100);
        assertThat(memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory())
                .isLessThan(1000);
    }

    @Test
    void noRoomToBegin() {
        read("82 fe 03e8 00000000" + "00".repeat(993));
        read("81 81 00000000 61");

        assertThat(heard).containsExactly("no room");
    }

    @Test
    void noRoomToGoOn() {
        read("82 fe 03e8 00000000" + "00".repeat(992));
        assertThat(budget.used()).isEqualTo(1000);
        assertThat(heard).isEmpty();
        read("00");
        read("81 81 00000000 61");

        assertThat(heard).containsExactly("no room");
        assertThat(budget.used()).isZero();
    }

    @Test
    void whoStopsHearsNothingMore() {
        reaction = event -> reader.stop();
        read("81 81 00000000 61  81 81 00000000 62");
        read("81 81 00000000 63");

        assertThat(heard).containsExactly("TEXT last ascii 61");
    }

    @Test
    void whoStopsOnAFrameOfTwoReadsHearsNothingMore() {
        reaction = event -> reader.stop();
        read("81 81 00000000");
        read("61  81 81 00000000 62");

        assertThat(heard).containsExactly("TEXT last ascii 61");
    }

    @Test
    void aReadInsideARead() {
        reaction = event -> {
            if (event.endsWith("61")) {
                read("63  81 81 00000000");
                read("64");
            }
        };
        read("81 81 00000000 61  81 81 00000000 62  81 81 00000000");

        assertThat(heard)
                .containsExactly(
                        "TEXT last ascii 61", "TEXT last ascii 62", "TEXT last ascii 63", "TEXT last ascii 64");
    }

    @Test
    void aReadInsideAReadOfOneWhoStops() {
        reaction = event -> {
            read("81 81 00000000 62");
            reader.stop();
            read("81 81 00000000 63");
        };
        read("81 81 00000000 61");

        assertThat(heard).containsExactly("TEXT last ascii 61");
    }

    @Test
    void aListenerThatFails() {
        reaction = event -> {
            read("81 81 00000000 62");
            throw new IllegalStateException("as planned");
        };
        assertThatThrownBy(() -> read("81 81 00000000 61  81 81 00000000 63  81"))
                .hasMessage("as planned");
        read("81 81 00000000 64");

        assertThat(heard).containsExactly("TEXT last ascii 61");
    }

    @Test
    void whatLiesAroundTheInputIsLeftAlone() {
        ByteBuf whole = memory.buffer().writeBytes(bytes("ffffff 81 83 01020304 606060 ffffff"));
        reader.read(whole.slice(3, 9));

        assertThat(heard).containsExactly("TEXT last ascii 616263");
        assertThat(ByteBufUtil.hexDump(whole)).startsWith("ffffff8183").endsWith("ffffff");
        whole.release();
    }

    private void read(String hex) {
        byte[] bytes = bytes(hex);
        read(reader, bytes, 0, bytes.length);
    }

    private void read(FrameReader by, byte[] bytes, int from, int to) {
        ByteBuf input = memory.buffer().writeBytes(bytes, from, to - from);
        try {
            by.read(input);
        } finally {
            assertThat(input.refCnt()).isEqualTo(1);
            input.release();
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
