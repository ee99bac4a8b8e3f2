package io.tidewire.signalr.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBufUtil;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.protocol.ForeignCompletion.Encoding;
import io.tidewire.transport.EncodedFrame;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream's answer becomes (reference E.5, J 12): always exactly one completion of the call "7". */
class ForeignCompletionTest {
    private static final String END = "\36";

    private static String json(String body, Encoding encoding) {
        return new String(read(HubProtocols.JSON, body.getBytes(UTF_8), encoding), UTF_8);
    }

    private static String packed(String hex, Encoding encoding) {
        return HexFormat.of()
                .formatHex(read(HubProtocols.MESSAGE_PACK, HexFormat.of().parseHex(hex), encoding));
    }

    private static byte[] read(HubProtocol protocol, byte[] body, Encoding encoding) {
        EncodedFrame frame = ForeignCompletion.of(protocol, "7", body, encoding);
        try {
            return ByteBufUtil.getBytes(frame.payload());
        } finally {
            frame.release();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":3,\"invocationId\":\"7\"}",
                "{\"type\":3,\"invocationId\":\"7\",\"result\":null}",
                "{ \"result\" : {\"a\":[1,2.50]}, \"invocationId\":\"\\u0037\", \"type\":3, \"extra\":true }",
                "{\"type\":3,\"invocationId\":\"7\",\"error\":\"é\"}"
            })
    void framedJsonIsVerbatimAndFramingIsAdded(String completion) {
        assertThat(json(completion + END, Encoding.JSON)).isEqualTo(completion + END);
        assertThat(json(completion + END, Encoding.UNKNOWN)).isEqualTo(completion + END);
        assertThat(json(completion, Encoding.JSON)).isEqualTo(completion + END);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":3,\"invocationId\":\"8\",\"result\":1}",
                "{\"type\":1,\"target\":\"evil\",\"arguments\":[]}",
                "{\"type\":7}",
                "{\"type\":3,\"invocationId\":\"7\"}\36{\"type\":7}",
                "{\"type\":3,\"invocationId\":\"7\"}\36{\"type\":3,\"invocationId\":\"7\"}",
                "{\"type\":3,\"invocationId\":\"7\",\"result\":1,\"error\":\"x\"}",
                "{\"type\":3,\"invocationId\":\"7\"",
                "42",
                ""
            })
    void framedAndNotThisCompletionIsRefused(String message) {
        refused(HubProtocols.JSON, (message + END).getBytes(UTF_8), Encoding.JSON);
        refused(HubProtocols.JSON, (message + END).getBytes(UTF_8), Encoding.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "42 | 42",
                "{\"a\": [1] } | {\"a\": [1] }",
                "null | null",
                "\"text\" | \"text\"",
                "{\"type\":3,\"invocationId\":\"8\"} | {\"type\":3,\"invocationId\":\"8\"}",
                "{\"type\":7} | {\"type\":7}"
            })
    void otherJsonIsTheResult(String body, String result) {
        assertThat(json(body, Encoding.JSON))
                .isEqualTo("{\"type\":3,\"invocationId\":\"7\",\"result\":" + result + "}" + END);
    }

    @Test
    void textIsTheResult() {
        assertThat(json("it's \"fine\"\n" + END + "é", Encoding.UNKNOWN))
                .isEqualTo("{\"type\":3,\"invocationId\":\"7\",\"result\":\"it's \\\"fine\\\"\\n\\u001eé\"}" + END);
    }

    @Test
    void whatIsNotWhatItSaysIsRefused() {
        refused(HubProtocols.JSON, "<html>".getBytes(UTF_8), Encoding.JSON);
        refused(HubProtocols.JSON, "{\"a\":1} {\"type\":7}".getBytes(UTF_8), Encoding.JSON);
        refused(HubProtocols.JSON, new byte[] {'a', (byte) 0xFF}, Encoding.UNKNOWN);
        refused(HubProtocols.JSON, new byte[] {'"', (byte) 0xFF, '"'}, Encoding.JSON);
        refused(HubProtocols.JSON, new byte[] {42}, Encoding.MESSAGE_PACK);
        refused(HubProtocols.MESSAGE_PACK, new byte[] {(byte) 0xC1}, Encoding.MESSAGE_PACK);
        refused(HubProtocols.MESSAGE_PACK, new byte[] {1, 2}, Encoding.MESSAGE_PACK);
        refused(HubProtocols.MESSAGE_PACK, new byte[] {(byte) 0xFF, (byte) 0xFE}, Encoding.UNKNOWN);
    }

    @Test
    void packedCompletions() {
        String completion = "950380a13703cc80"; // [3, {}, "7", 3, 128]
        assertThat(packed("08" + completion, Encoding.MESSAGE_PACK)).isEqualTo("08" + completion);
        assertThat(packed("08" + completion, Encoding.UNKNOWN)).isEqualTo("08" + completion);
        assertThat(packed(completion, Encoding.MESSAGE_PACK)).isEqualTo("08" + completion);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "07950380a1380305", // of another call
                "03920680", // a ping with something
                "029106", // a ping
                "06940380a13703", // cut
                "0993c20203040506070809" // no message at all
            })
    void framedAndNotThisPackedCompletionIsRefused(String hex) {
        refused(HubProtocols.MESSAGE_PACK, HexFormat.of().parseHex(hex), Encoding.MESSAGE_PACK);
        refused(HubProtocols.MESSAGE_PACK, HexFormat.of().parseHex(hex), Encoding.UNKNOWN);
    }

    @Test
    void otherPackedValuesAreTheResult() {
        assertThat(packed("a3616263", Encoding.MESSAGE_PACK)).isEqualTo("0a950380a13703a3616263");
        assertThat(packed("9106", Encoding.MESSAGE_PACK)).isEqualTo("08950380a137039106");
    }

    /** Applications that answer JSON to everybody. */
    @Test
    void jsonForAMessagePackClient() {
        assertThat(packed(hex("[1,\"a\"]"), Encoding.JSON)).isEqualTo("0a950380a137039201a161");
        assertThat(packed(hex("{\"type\":3,\"invocationId\":\"7\",\"result\":5}"), Encoding.JSON))
                .isEqualTo("07950380a1370305");
        assertThat(packed(hex("{\"type\":3,\"invocationId\":\"7\",\"error\":\"no\"}"), Encoding.JSON))
                .isEqualTo("09950380a13701a26e6f");
        assertThat(packed(hex("{\"type\":3,\"invocationId\":\"7\"}"), Encoding.JSON))
                .isEqualTo("06940380a13702");
        assertThat(packed(hex("hello"), Encoding.UNKNOWN)).isEqualTo("0c950380a13703a568656c6c6f");
    }

    @Test
    void everyCutOfAFramedCompletionIsRefusedOrAnotherResult() {
        byte[] whole = HexFormat.of().parseHex("08950380a13703cc80");
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length > 1) {
                refused(HubProtocols.MESSAGE_PACK, cut, Encoding.MESSAGE_PACK);
            }
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }

    private static void refused(HubProtocol protocol, byte[] body, Encoding encoding) {
        assertThatExceptionOfType(ProtocolViolation.class)
                .as(HexFormat.of().formatHex(body))
                .isThrownBy(() -> ForeignCompletion.of(protocol, "7", body, encoding));
    }
}
