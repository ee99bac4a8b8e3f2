package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonScannerTest {
    static void scan(byte[] json) {
        JsonScanner scanner = new JsonScanner(json, 0, json.length);
        scanner.skipValue();
        scanner.end();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1.0",
                "1e5",
                "1E-5",
                "-0.1e+10",
                "true",
                "false",
                "null",
                "\"\"",
                "[]",
                "{}",
                " [ ] ",
                "\t\r\n{\"a\" : [1 , 2 ] , \"b\":{}}",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uD83D\\uDE00\"",
                "\"\u007f\u0080\u07ff\u0800\uffff\ud83d\ude00\"",
                "{\"\":0,\"\":0}",
                "[[[[[]]]]]"
            })
    void accepted(String json) {
        assertThatCode(() -> scan(json.getBytes(UTF_8))).doesNotThrowAnyException();
        assertThatCode(() -> Trees.json(json.getBytes(UTF_8))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[",
                "]",
                "{",
                "}",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "{\"a\" 1}",
                "{\"a\":1]",
                "{,}",
                "01",
                "-",
                "-01",
                "+1",
                ".5",
                "1.",
                "1.e1",
                "1e",
                "1e+",
                "0x10",
                "1 2",
                "NaN",
                "Infinity",
                "-Infinity",
                "tru",
                "truer",
                "nul",
                "True",
                "'a'",
                "\"",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\",
                "\"\\u",
                "\"a\nb\"",
                "\"\t\"",
                "\"\u0000\"",
                "\u0000",
                "[1]\u0000",
                "/* */1",
                "1 // x",
                "\ufeff1",
                "\u00a01",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud800x\"",
                "\"\\ud800\\n\"",
                "\"\\ud800\\u0041\"",
                "\"\\ud800\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"\\ud83d\\ude0\"",
                "\u001e"
            })
    void refused(String json) {
        assertThatThrownBy(() -> scan(json.getBytes(UTF_8))).isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "BF",
                "C0 80",
                "C1 BF",
                "C2",
                "C2 41",
                "E0 80 80",
                "E0 9F BF",
                "E1 80",
                "ED A0 80",
                "ED BF BF",
                "EF BF",
                "F0 80 80 80",
                "F0 8F BF BF",
                "F1 80 80",
                "F4 90 80 80",
                "F5 80 80 80",
                "FE",
                "FF"
            })
    void invalidUtf8IsRefused(String hex) {
        byte[] json = bytes("22 " + hex + " 22");
        assertThatThrownBy(() -> scan(json))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage("JSON: invalid UTF-8 at byte 1");
    }

    @Test
    void everyValidCharacterIsAccepted() {
        StringBuilder all = new StringBuilder("\"");
        for (int code = 0x20; code <= Character.MAX_CODE_POINT; code += code < 0x10000 ? 1 : 97) {
            if (code != '"' && code != '\\' && (code < 0xD800 || code > 0xDFFF)) {
                all.appendCodePoint(code);
            }
        }
        byte[] json = all.append('"').toString().getBytes(UTF_8);
        assertThatCode(() -> scan(json)).doesNotThrowAnyException();
        assertThat(new JsonScanner(json, 0, json.length).string()).isEqualTo(all.substring(1, all.length() - 1));
    }

    @Test
    void depthAndNumberLengthAreCapped() {
        int depth = JsonScanner.MAX_DEPTH;
        assertThatCode(() -> scan(("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> scan(("[".repeat(depth + 1) + "]".repeat(depth + 1)).getBytes(UTF_8)))
                .hasMessage("JSON: nested deeper than 64 levels at byte 64");
        assertThatThrownBy(() -> scan("{\"a\":".repeat(depth + 1).getBytes(UTF_8)))
                .hasMessageContaining("nested deeper than 64 levels");

        int length = JsonScanner.MAX_NUMBER_LENGTH;
        assertThatCode(() -> scan("1".repeat(length).getBytes(UTF_8))).doesNotThrowAnyException();
        assertThatThrownBy(() -> scan("1".repeat(length + 1).getBytes(UTF_8)))
                .hasMessage("JSON: a number longer than 1000 characters at byte 0");
    }

    /** Whatever Jackson accepts or refuses, so do we; lone surrogates in escapes, which Jackson lets pass, are left out. */
    @Test
    void agreesWithJacksonOnMutatedTexts() {
        String seed = "{\"a\":[1,-2.5e10,true,false,null,\"x\\n\\u00e9é\"],\"b\":{\"c\":{},\"d\":[]},\"e\":0}";
        String alphabet = "{}[]\",:\\ \n019-+.eEtfnaux/\u0000\u001e";
        Random random = new Random(4_711);
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            StringBuilder text = new StringBuilder(seed);
            int changes = 1 + random.nextInt(3);
            for (int c = 0; c < changes && !text.isEmpty(); c++) {
                int at = random.nextInt(text.length());
                char letter = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, letter);
                    case 1 -> text.insert(at, letter);
                    case 2 -> text.deleteCharAt(at);
                    default -> text.setLength(Math.max(1, at));
                }
            }
            byte[] json = text.toString().getBytes(UTF_8);
            boolean ours = accepts(json);
            assertThat(ours).as(text.toString()).isEqualTo(jacksonAccepts(json));
            accepted += ours ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(2_000);
    }

    private static boolean accepts(byte[] json) {
        try {
            scan(json);
            return true;
        } catch (ProtocolViolation _) {
            return false;
        }
    }

    private static boolean jacksonAccepts(byte[] json) {
        try {
            Trees.json(json);
            return true;
        } catch (JacksonException | IllegalArgumentException _) {
            return false;
        }
    }
}
