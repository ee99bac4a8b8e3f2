package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.Cost;
import io.tidewire.service.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that are meant to hurt: each must cost next to nothing, whatever it claims to be. */
class NastyInputTest {
    private static final int MEGABYTE = 1 << 20;
    private static final HubMessageReader.Sink IGNORE = message -> {};

    /** Room for an exception, its text, and a handful of small objects. */
    private static final long SMALL = 4 * 1024;

    private static final long MAX_MILLIS = 50;

    /** A whole JSON message of about a megabyte: {@code item(i)} again and again. */
    private static byte[] message(String start, IntFunction<String> item, String end) {
        StringBuilder text = new StringBuilder(MEGABYTE + 64).append(start);
        for (int i = 0; text.length() < MEGABYTE - 100; i++) {
            text.append(item.apply(i));
        }
        text.setLength(text.length() - (text.charAt(text.length() - 1) == ',' ? 1 : 0));
        return WireText.json(text.append(end).append(';').toString());
    }

    private static void read(HubProtocol protocol, byte[] input) {
        try (HubMessageReader reader = new HubMessageReader(protocol, MEGABYTE)) {
            reader.read(Unpooled.wrappedBuffer(input), IGNORE);
        }
    }

    private static void cheap(HubProtocol protocol, byte[] input, boolean valid) {
        Cost cost = Cost.of(() -> {
            try {
                read(protocol, input);
                assertThat(valid).isTrue();
            } catch (ProtocolViolation _) {
                assertThat(valid).isFalse();
            }
        });
        assertThat(cost.bytes()).as("bytes allocated").isLessThan(SMALL);
        assertThat(cost.millis()).as("milliseconds").isLessThan(MAX_MILLIS);
    }

    private static void json(byte[] input, boolean valid) {
        cheap(HubProtocols.JSON, input, valid);
    }

    // B6: JSON

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void jsonDepth100k(String open) {
        json(WireText.json("{\"type\":1,\"target\":\"t\",\"arguments\":" + open.repeat(100_000) + ";"), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "0.", "1e", "1e-", "0.1e+"})
    void jsonNumberOfAMillionDigits(String start) {
        json(message("{\"type\":2,\"invocationId\":\"i\",\"item\":" + start, i -> "7777777777", "}"), false);
    }

    @Test
    void jsonTypeOfAMillionDigits() {
        json(message("{\"type\":", i -> "6666666666", "}"), false);
    }

    @Test
    void jsonObjectFullOfKeysInThePayload() {
        json(message("{\"type\":2,\"invocationId\":\"i\",\"item\":{", i -> "\"" + i + "\":0,", "}}"), true);
    }

    @Test
    void jsonObjectFullOfKeysInTheEnvelope() {
        json(message("{\"type\":6,", i -> "\"" + i + "\":0,", "}"), true);
    }

    @Test
    void jsonTheSameKeyAgainAndAgain() {
        json(message("{\"type\":2,\"invocationId\":\"i\",\"item\":{", i -> "\"a\":0,", "}}"), true);
        json(message("{\"type\":6,", i -> "\"target\":\"\",", "}"), false);
    }

    @Test
    void jsonFullOfLoneSurrogates() {
        json(message("{\"type\":2,\"invocationId\":\"i\",\"item\":\"", i -> "\\ud800", "\"}"), false);
    }

    @Test
    void jsonFullOfEscapes() {
        json(message("{\"type\":2,\"invocationId\":\"i\",\"item\":\"", i -> "\\ud83d\\ude00", "\"}"), true);
    }

    @Test
    void jsonFullOfEmptyArrays() {
        json(message("{\"type\":2,\"invocationId\":\"i\",\"item\":[", i -> "[],", "]}"), true);
    }

    @Test
    void jsonFullOfStreamIds() {
        json(message("{\"type\":1,\"target\":\"t\",\"arguments\":[],\"streamIds\":[", i -> "\"\",", "]}"), true);
    }

    @Test
    void jsonNulBytes() {
        json(message("{\"type\":6}", i -> "\u0000", ""), false);
        json(WireText.json("{\"type\":6,\"a\":\"\u0000\"};"), false);
        json(WireText.json("\u0000{\"type\":6};"), false);
    }

    @Test
    void jsonMegabyteOfSpace() {
        json(message("{\"type\":6", i -> "          ", "}"), true);
    }

    @Test
    void jsonMegabyteOfEmptyMessages() {
        byte[] input = new byte[MEGABYTE];
        Arrays.fill(input, HubMessageReader.RECORD_SEPARATOR);
        json(input, false);
    }

    /** Answers and pings cost their few objects each; the reader itself adds nothing that grows. */
    @Test
    void megabyteOfPingsCostsAFewObjectsForEach() {
        byte[] pings = new byte[MEGABYTE / 3 * 3];
        for (int i = 0; i < pings.length; i += 3) {
            pings[i] = 2;
            pings[i + 1] = (byte) 0x91;
            pings[i + 2] = 6;
        }
        Cost cost = Cost.of(() -> read(HubProtocols.MESSAGE_PACK, pings));
        assertThat(cost.bytes() / (pings.length / 3)).isLessThan(400);
    }

    // B7: MessagePack

    private static void messagePack(byte[] message, boolean valid) {
        cheap(HubProtocols.MESSAGE_PACK, prefixed(message), valid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DB 7F FF FF FF", // str32
                "DB FF FF FF FF",
                "C6 7F FF FF FF", // bin32
                "C6 FF FF FF FF",
                "C9 7F FF FF FF 05", // ext32
                "C9 FF FF FF FF FF",
                "DD 7F FF FF FF", // array32
                "DD FF FF FF FF",
                "DF 7F FF FF FF", // map32
                "DF FF FF FF FF",
                "DA FF FF",
                "C5 FF FF",
                "DC FF FF",
                "DE FF FF"
            })
    void messagePackLengthThatLies(String value) {
        messagePack(bytes("94 02 80 A1 'i'" + value), false);
        messagePack(bytes("95 01 80 C0 A1 't'" + value), false);
        messagePack(bytes("95 01" + value), false);
        messagePack(bytes(value), false);
    }

    @Test
    void messagePackHalfTheEntriesOfAMap() {
        // 3 entries announced, bytes for 3 values only: counted as pairs it is too much
        messagePack(bytes("94 02 80 A1 'i' 83 01 02 03"), false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x91, 0x81})
    void messagePackDepth100k(int open) {
        byte[] message = Arrays.copyOf(bytes("94 02 80 A1 'i'"), 100_000);
        Arrays.fill(message, 5, message.length, (byte) open);
        messagePack(message, false);
    }

    @Test
    void messagePackDepthAtTheCap() {
        for (int depth : new int[] {HubProtocol.MAX_DEPTH - 1, HubProtocol.MAX_DEPTH}) {
            byte[] message = Arrays.copyOf(bytes("94 02 80 A1 'i'"), 5 + depth + 1);
            Arrays.fill(message, 5, 5 + depth, (byte) 0x91);
            messagePack(message, depth < HubProtocol.MAX_DEPTH);
        }
    }

    @Test
    void messagePackTrailingBytes() {
        messagePack(bytes("91 06 C0"), false);
        byte[] padded = Arrays.copyOf(bytes("91 06"), MEGABYTE - 8);
        messagePack(padded, false);
    }

    @Test
    void messagePackMegabyteOfNils() {
        byte[] message = Arrays.copyOf(bytes("94 02 80 A1 'i' DD 00 0F 00 00"), 10 + 0xF0000);
        Arrays.fill(message, 10, message.length, (byte) 0xC0);
        messagePack(message, true);
    }

    @Test
    void messagePackMegabyteOfText() {
        byte[] message = Arrays.copyOf(bytes("94 02 80 A1 'i' DB 00 0F 00 00"), 10 + 0xF0000);
        for (int i = 10; i < message.length; i += 4) {
            System.arraycopy(bytes("F0 9F 98 80"), 0, message, i, 4);
        }
        messagePack(message, true);
        message[message.length - 1] = 'x';
        messagePack(message, false);
    }

    /** Memory outside the heap is copied once to be scanned, and that is all. */
    @Test
    void directMemoryIsCopiedOnce() {
        byte[] input = message("{\"type\":2,\"invocationId\":\"i\",\"item\":[", i -> "[],", "]}");
        // Not from an allocator: the leak detector would count as well.
        ByteBuf direct = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(input.length));
        direct.setBytes(0, input);
        Cost cost = Cost.of(() -> {
            try (HubMessageReader reader = new HubMessageReader(HubProtocols.JSON, MEGABYTE)) {
                reader.read(direct.duplicate(), IGNORE);
            }
        });
        assertThat(cost.bytes()).isBetween((long) input.length, input.length + SMALL);
        assertThat(direct.release()).isTrue();
    }

    // B10: VarInt

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FF FF FF FF FF",
                "FF FF FF FF 0F",
                "80 80 80 80 08",
                "80 80 80 80 80 01",
                "FF FF FF FF 07",
                "81 80 40"
            })
    void lengthPrefixThatIsTooLong(String prefix) {
        cheap(HubProtocols.MESSAGE_PACK, bytes(prefix), false);
        cheap(HubProtocols.MESSAGE_PACK, bytes(prefix + "91 06"), false);
    }

    @Test
    void lengthPrefixByteByByte() {
        HubMessageReader reader = new HubMessageReader(HubProtocols.MESSAGE_PACK, MEGABYTE);
        ThrowingCallable feed = () -> {
            for (int i = 0; i < 6; i++) {
                reader.read(Unpooled.wrappedBuffer(bytes("FF")), IGNORE);
            }
        };
        assertThatThrownBy(feed).hasMessage("MessagePack: a message length above 2^31 - 1");
        assertThat(reader.carriedBytes()).isZero();
    }

    @Test
    void aPrefixWithSpareZerosIsStillALength() {
        read(HubProtocols.MESSAGE_PACK, bytes("82 80 00 91 06"));
    }

    /** What was announced is not allocated; what has come is, once. */
    @Test
    void anAnnouncedMegabyteHoldsOnlyWhatCame() {
        HubMessageReader reader = new HubMessageReader(HubProtocols.MESSAGE_PACK, MEGABYTE);
        ByteBuf start = Unpooled.wrappedBuffer(bytes("FF FF 3F 94 02 80"));
        Cost cost = Cost.of(() -> {
            try (HubMessageReader fresh = new HubMessageReader(HubProtocols.MESSAGE_PACK, MEGABYTE)) {
                fresh.read(start.duplicate(), IGNORE);
            }
        });
        assertThat(cost.bytes()).isLessThan(SMALL);
        reader.read(start, IGNORE);
        assertThat(reader.carriedBytes()).isEqualTo(6);
        reader.close();
    }

    @Test
    void jsonWithoutEndIsBounded() {
        HubMessageReader reader = new HubMessageReader(HubProtocols.JSON, MEGABYTE);
        byte[] piece = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        reader.read(Unpooled.wrappedBuffer(piece), IGNORE);
                        assertThat(reader.carriedBytes()).isLessThanOrEqualTo(MEGABYTE);
                    }
                })
                .isInstanceOf(ProtocolViolation.class);
        assertThat(reader.carriedBytes()).isZero();
    }

    /** A megabyte that comes one byte at a time is not read again and again. */
    @Test
    void aMegabyteInSingleBytesIsLinear() {
        byte[] json = message("{\"type\":2,\"invocationId\":\"i\",\"item\":[", i -> "12345678,", "]}");
        byte[] pack = prefixed(Arrays.copyOf(bytes("94 02 80 A1 'i' C6 00 0F 00 00"), 10 + 0xF0000));
        assertThat(inSingleBytes(HubProtocols.JSON, json).millis()).isLessThan(1_000);
        assertThat(inSingleBytes(HubProtocols.MESSAGE_PACK, pack).millis()).isLessThan(1_000);
    }

    private static Cost inSingleBytes(HubProtocol protocol, byte[] input) {
        return Cost.of(() -> {
            ByteBuf one = Unpooled.wrappedBuffer(input);
            int[] messages = new int[1];
            try (HubMessageReader reader = new HubMessageReader(protocol, MEGABYTE)) {
                for (int i = 0; i < input.length; i++) {
                    one.setIndex(i, i + 1);
                    reader.read(one, message -> messages[0]++);
                }
            }
            assertThat(messages[0]).isOne();
        });
    }

    // Conversions run on an event loop: the worst megabyte of each kind

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1,",
                "1e300,",
                "18446744073709551616,",
                "123456789012345678901234567890.12345678901234567890,",
                "2.2250738585072011e-308,",
                "9007199254740993.00000000000000000000000000000000000000000000000000000000001,",
                "[],",
                "\"\\u00e9\",",
                "{\"\":{}},"
            })
    void convertingAMegabyteOfJsonIsBounded(String item) {
        byte[] message = message("[", i -> item, "]");
        JsonArguments arguments = JsonArguments.of(Arrays.copyOf(message, message.length - 1));
        Cost cost = Cost.of(
                () -> HubProtocols.MESSAGE_PACK.invocation(null, "t", arguments).release());
        assertThat(cost.millis()).isLessThan(MAX_MILLIS);
        assertThat(cost.bytes()).isLessThan(48L * MEGABYTE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CB 7F EF FF FF FF FF FF FE", // long doubles
                "CB 00 00 00 00 00 00 00 01",
                "CA 7F 7F FF FE",
                "C0",
                "E0",
                "A1 01", // a control character
                "D6 FF 7F FF FF FF", // timestamps
                "C7 0C FF 00 00 00 00 7F FF FF FF FF FF FF FF", // timestamps that do not exist
                "D4 05 00",
                "C4 00",
                "90"
            })
    void convertingAMegabyteOfMessagePackIsBounded(String item) {
        byte[] value = bytes(item);
        int count = MEGABYTE / value.length;
        byte[] array = new byte[5 + count * value.length];
        System.arraycopy(
                bytes("DD %02X %02X %02X %02X"
                        .formatted(count >> 24, (count >> 16) & 0xFF, (count >> 8) & 0xFF, count & 0xFF)),
                0,
                array,
                0,
                5);
        for (int i = 0; i < count; i++) {
            System.arraycopy(value, 0, array, 5 + i * value.length, value.length);
        }
        MessagePackArguments arguments = MessagePackArguments.of(array);
        Cost cost =
                Cost.of(() -> HubProtocols.JSON.invocation(null, "t", arguments).release());
        assertThat(cost.millis()).isLessThan(MAX_MILLIS);
        assertThat(cost.bytes()).isLessThan(64L * MEGABYTE);
    }
}
