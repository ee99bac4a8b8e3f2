package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonNumber;
import io.tidewire.service.protocol.ProtocolViolation;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Arguments that arrive in one encoding and leave in the other. */
class ConversionTest {
    private static byte[] toMessagePack(String json) {
        JsonArguments arguments = JsonArguments.of(("[" + json + "]").getBytes(UTF_8));
        ByteOutput out = new ByteOutput(16);
        JsonToMessagePack.convert(arguments.array(), arguments.from(), arguments.to(), out);
        return out.toByteArray();
    }

    private static String toJson(byte[] value) {
        ByteOutput out = new ByteOutput(16);
        MessagePackToJson.convert(value, 0, value.length, out);
        return new String(out.toByteArray(), UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0                    | 00",
                "-0                   | 00",
                "127                  | 7F",
                "128                  | CC 80",
                "255                  | CC FF",
                "256                  | CD 01 00",
                "65535                | CD FF FF",
                "65536                | CE 00 01 00 00",
                "4294967295           | CE FF FF FF FF",
                "4294967296           | CF 00 00 00 01 00 00 00 00",
                "9223372036854775807  | CF 7F FF FF FF FF FF FF FF",
                "9223372036854775808  | CF 80 00 00 00 00 00 00 00",
                "18446744073709551615 | CF FF FF FF FF FF FF FF FF",
                "18446744073709551616 | CB 43 F0 00 00 00 00 00 00",
                "-1                   | FF",
                "-32                  | E0",
                "-33                  | D0 DF",
                "-128                 | D0 80",
                "-129                 | D1 FF 7F",
                "-32769               | D2 FF FF 7F FF",
                "-2147483649          | D3 FF FF FF FF 7F FF FF FF",
                "-9223372036854775808 | D3 80 00 00 00 00 00 00 00",
                "-9223372036854775809 | CB C3 E0 00 00 00 00 00 00",
                "1.0                  | CB 3F F0 00 00 00 00 00 00",
                "1e0                  | CB 3F F0 00 00 00 00 00 00",
                "0.1                  | CB 3F B9 99 99 99 99 99 9A",
                "-1.5E+3              | CB C0 97 70 00 00 00 00 00",
                "5e-324               | CB 00 00 00 00 00 00 00 01",
                "1e400                | CB 7F F0 00 00 00 00 00 00",
                "null                 | C0",
                "true                 | C3",
                "false                | C2",
                "\"\"                 | A0",
                "\"\\n\\u0041\\\\\\/\"   | A4 0A 'A' 5C '/'",
                "\"\\ud83d\\ude00\"     | A4 F0 9F 98 80",
                "\"\\u20ac\\u00e9\\u0000\" | A6 E2 82 AC C3 A9 00",
                "\"€\"                | A3 E2 82 AC",
                "[ ]                  | 90",
                "{ }                  | 80",
                "[ [ ] , { } ]        | 92 90 80",
                "{\"a\":{\"b\":[1,2]},\"a\":null} | 82 A1 'a' 81 A1 'b' 92 01 02 A1 'a' C0",
                "[\",\",\"]\",\"\\\"[\"]  | 93 A1 ',' A1 ']' A2 '\"['",
            })
    void jsonToMessagePack(String json, String expected) {
        assertThat(hex(toMessagePack(json))).isEqualTo("91" + hex(bytes(expected)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "00                            | 0",
                "E0                            | -32",
                "D3 80 00 00 00 00 00 00 00    | -9223372036854775808",
                "CF FF FF FF FF FF FF FF FF    | 18446744073709551615",
                "CA 3D CC CC CD                | 0.1", // the shortest digits of the float, not those of its double
                "CB 3F B9 99 99 99 99 99 9A    | 0.1",
                "CB 3F F0 00 00 00 00 00 00    | 1.0",
                "CB 7E 37 E4 3C 88 00 75 9C    | 1.0E300",
                "CB 80 00 00 00 00 00 00 00    | -0.0",
                "CB 7F F8 00 00 00 00 00 00    | null", // NaN
                "CB 7F F0 00 00 00 00 00 00    | null", // infinity
                "CA FF 80 00 00                | null",
                "C0                            | null",
                "C3                            | true",
                "A5 'a' 22 5C 0A 1F            | \"a\\\"\\\\\\n\\u001f\"",
                "A4 F0 9F 98 80                | \"😀\"",
                "C4 03 01 02 03                | \"AQID\"",
                "C4 00                         | \"\"",
                "D6 FF 00 00 00 00             | \"1970-01-01T00:00:00Z\"",
                "D7 FF 77 35 94 00 5F 5E 10 00 | \"2020-09-13T12:26:40.500Z\"", // 30 bits of nanos, 34 of seconds
                "C7 0C FF 00 00 00 01 FF FF FF FF FF FF FF FF | \"1969-12-31T23:59:59.000000001Z\"",
                "C7 0C FF 3B 9A CA 00 00 00 00 00 00 00 00 00 | \"O5rKAAAAAAAAAAAA\"", // 10^9 nanos
                "C7 0C FF 00 00 00 00 7F FF FF FF FF FF FF FF | \"AAAAAH//////////\"", // no such year
                "C7 01 FF 00                   | \"AA==\"",
                "D4 05 07                      | \"Bw==\"",
                "93 01 90 80                   | [1,[],{}]",
                "82 A1 'a' 01 A1 'b' 91 C0     | {\"a\":1,\"b\":[null]}",
                "85 01 C0 C3 C0 C0 C0 CB 3F E0 00 00 00 00 00 00 C0 C4 01 00 C0 "
                        + "| {\"1\":null,\"true\":null,\"null\":null,\"0.5\":null,\"AA==\":null}",
            })
    void messagePackToJson(String fixture, String expected) {
        assertThat(toJson(bytes(fixture))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"91 81 90 C0", "91 91 81 80 C0", "81 81 90 C0 C0"})
    void aContainerAsAMapKeyIsRefused(String fixture) {
        assertThatThrownBy(() -> toJson(bytes(fixture))).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> MessagePackArguments.of(bytes(fixture))).isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536, 70_000})
    void headersAreMinimalAtEverySize(int count) throws IOException {
        String elements = "1,".repeat(count);
        String list = elements.isEmpty() ? "" : elements.substring(0, elements.length() - 1);
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < count; i++) {
            members.append(i == 0 ? "" : ",").append('"').append(i).append("\":0");
        }
        String json = "[%s],{%s},\"%s\"".formatted(list, members, "x".repeat(count));

        MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
        packer.packArrayHeader(3).packArrayHeader(count);
        for (int i = 0; i < count; i++) {
            packer.packInt(1);
        }
        packer.packMapHeader(count);
        for (int i = 0; i < count; i++) {
            packer.packString(Integer.toString(i)).packInt(0);
        }
        packer.packString("x".repeat(count));

        assertThat(toMessagePack(json)).isEqualTo(packer.toByteArray());
    }

    @Test
    void thereAndBackForRandomTrees() throws IOException {
        Random random = new Random(20_261_123);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            randomValue(random, text, 0);
            byte[] packed = toMessagePack(text.toString());

            Object expected = Trees.json(("[" + text + "]").getBytes(UTF_8));
            assertThat(Trees.messagePack(packed)).as(text.toString()).isEqualTo(asMessagePack(expected));
            Object back = Trees.json(toJson(packed).getBytes(UTF_8));
            assertThat(asMessagePack(back)).as(text.toString()).isEqualTo(asMessagePack(expected));
        }
    }

    /** What a JSON tree should be on the other side. */
    private static Object asMessagePack(Object tree) {
        return switch (tree) {
            case List<?> list ->
                list.stream().map(ConversionTest::asMessagePack).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> converted = new LinkedHashMap<>();
                map.forEach((key, value) -> converted.put(key, asMessagePack(value)));
                yield converted;
            }
            case BigDecimal number when number.scale() == 0 && fits64(number) -> number.toBigInteger();
            case BigDecimal number -> number.doubleValue();
            default -> tree;
        };
    }

    private static boolean fits64(BigDecimal number) {
        BigInteger value = number.toBigInteger();
        return value.bitLength() <= (value.signum() < 0 ? 63 : 64);
    }

    private static void randomValue(Random random, StringBuilder out, int depth) {
        String space = " ".repeat(random.nextInt(2));
        out.append(space);
        switch (random.nextInt(depth > 5 ? 6 : 9)) {
            case 0 -> out.append("null");
            case 1 -> out.append(random.nextBoolean());
            case 2 -> out.append(random.nextLong() >> random.nextInt(64));
            case 3 -> out.append(BigInteger.valueOf(random.nextLong()).multiply(BigInteger.valueOf(random.nextInt(9))));
            case 4 ->
                out.append(random.nextInt(1_000_000))
                        .append('.')
                        .append(random.nextInt(1_000_000))
                        .append("e-3");
            case 5 -> randomString(random, out);
            case 6, 7 -> {
                out.append('[');
                int count = random.nextInt(5);
                for (int i = 0; i < count; i++) {
                    out.append(i == 0 ? "" : ",");
                    randomValue(random, out, depth + 1);
                }
                out.append(']');
            }
            default -> {
                out.append('{');
                int count = random.nextInt(5);
                for (int i = 0; i < count; i++) {
                    out.append(i == 0 ? "" : ",");
                    randomString(random, out);
                    out.append(space).append(':');
                    randomValue(random, out, depth + 1);
                }
                out.append('}');
            }
        }
        out.append(space);
    }

    private static void randomString(Random random, StringBuilder out) {
        List<String> parts = List.of(
                "a", "é", "€", "😀", "\\n", "\\\"", "\\\\", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "]", ",", "{");
        out.append('"');
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            out.append(parts.get(random.nextInt(parts.size())));
        }
        out.append('"');
    }

    @Test
    void thousandsOfNumbersAgreeWithTheJdk() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (!Double.isFinite(value)) {
                continue;
            }
            String text = i % 2 == 0
                    ? Double.toString(value)
                    : new BigDecimal(value).round(MathContext.DECIMAL64).toString();
            byte[] ascii = text.getBytes(UTF_8);
            JsonNumber number = JsonNumber.read(ascii, 0, ascii.length);
            double expected = Double.parseDouble(text);
            if (number.kind() == JsonNumber.Kind.DOUBLE) {
                assertThat(number.bits()).as(text).isEqualTo(Double.doubleToRawLongBits(expected));
            } else {
                assertThat(new BigDecimal(number.bits())).isEqualByComparingTo(text);
            }
        }
    }
}
