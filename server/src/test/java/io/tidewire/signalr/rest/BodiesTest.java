package io.tidewire.signalr.rest;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertError;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static io.tidewire.signalr.rest.RestServer.assertTextError;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message may look like on its way in, and what becomes of it at clients of either protocol. */
@Timeout(60)
class BodiesTest {
    private static final String MSGPACK = "application/x-msgpack";
    private static final String FRAMED = "application/octet-stream";

    private static RestServer server;

    private String hub;
    private HubClient json;
    private HubClient packed;

    @BeforeAll
    static void startServer() {
        server = RestServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() {
        hub = RestServer.newHub();
        json = server.json(hub, null);
        packed = server.messagePack(hub, null);
    }

    @AfterEach
    void disconnect() {
        json.close();
        packed.close();
    }

    private String v1() {
        return "/api/v1/hubs/" + hub;
    }

    private String dated() {
        return "/api/hubs/" + hub + "/:send";
    }

    private void assertNothingReceived() {
        assertThat(json.received()).isEmpty();
        assertThat(packed.received()).isEmpty();
    }

    private static String invocation(String target, String arguments) {
        return "{\"type\":1,\"target\":\"" + target + "\",\"arguments\":" + arguments + "};";
    }

    /** An invocation of {@code t} with these arguments. */
    private static String packedInvocation(String arguments) {
        return hex(prefixed(bytes("96 01 80 C0 A1 't'\n" + arguments + "\n90")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"target\":\"t\",\"arguments\":[1]}",
                "{\"Target\":\"t\",\"Arguments\":[1]}",
                " {\r\n\t\"ARGUMENTS\" :[1] , \"tARGET\": \"t\" } ",
                "{\"extra\":{\"target\":[\"x\"]},\"target\":\"t\",\"arguments\":[1],\"more\":null}",
            })
    void membersAreKnownInAnyLetterCaseAndOrder(String body) {
        for (String target : List.of(v1(), dated(), "/api/v1-preview/hub/" + hub)) {
            assertDone(server.post(target, body), 202);
            assertThat(json.received()).containsExactly(invocation("t", "[1]"));
            assertThat(packed.received()).containsExactly(packedInvocation("91 01"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"target\":\"t\"}",
                "{\"target\":\"t\",\"arguments\":null}",
                "{\"target\":\"t\",\"Arguments\":[]}"
            })
    void argumentsMayBeAbsent(String body) {
        assertDone(server.post(dated(), body), 202);
        assertThat(json.received()).containsExactly(invocation("t", "[]"));
        assertThat(packed.received()).containsExactly(packedInvocation("90"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1.10,-0,1e2] | 93 CB 3F F1 99 99 99 99 99 9A 00 CB 40 59 00 00 00 00 00 00",
                "[1e400] | 91 CB 7F F0 00 00 00 00 00 00",
                "[12345678901234567890] | 91 CF AB 54 A9 8C EB 1F 0A D2",
                "[123456789012345678901] | 91 CB 44 1A C5 3A 7E 04 BC DA",
                "[\"\\u00e9\\ud83d\\ude00\\/\\n\"] | 91 A8 C3 A9 F0 9F 98 80 2F 0A",
                "[ {\"b\" : 1,\"a\":[ ],\"b\":{}} ] | 91 83 A1 'b' 01 A1 'a' 90 A1 'b' 80",
                "[null,true,false,\"\",256,-129] | 96 C0 C3 C2 A0 CD 01 00 D1 FF 7F",
                "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17] | DC 00 11 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11",
            })
    void argumentsReachJsonClientsVerbatimAndMessagePackClientsConverted(String arguments, String converted) {
        assertDone(server.post(v1(), "{\"target\":\"t\",\"arguments\":" + arguments + "}"), 202);
        assertThat(json.received()).containsExactly(invocation("t", arguments));
        assertThat(packed.received()).containsExactly(packedInvocation(converted));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | 'target' is required and must not be empty",
                "{\"target\":\"\"} | 'target' is required and must not be empty",
                "{\"target\":null} | expected a string but found 'n' at byte 10",
                "{\"target\":7} | expected a string but found '7' at byte 10",
                "{\"target\":\"t\",\"arguments\":{}} | expected an array but found '{' at byte 26",
                "{\"target\":\"t\",\"arguments\":\"x\"} | expected an array but found '\"' at byte 26",
                "[\"t\",[]] | expected an object but found '[' at byte 0",
                "null | expected an object but found 'n' at byte 0",
                "{\"target\":\"t\"}} | expected the end but found '}' at byte 14",
                "{\"target\":\"t\",\"arguments\":[01]} | a malformed number at byte 27",
                "{'target':'t'} | expected a member name but found ''' at byte 1",
                "{\"target\":\"t\" | expected ',' or '}' but the text ends at byte 13",
            })
    void aBodyOfTheWrongShapeIsRefusedWithItsPlace(String body, String why) {
        for (String target : List.of(v1(), dated(), "/api/v1-preview/hub/" + hub)) {
            assertError(target, server.post(target, body), 400, "Error.Request.Invalid", why);
        }
        assertNothingReceived();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", MSGPACK, FRAMED})
    void anEmptyBodyIsNamed(String contentType) {
        String message = "Message in request body is required.";
        assertErrorDetail(server.post(dated(), contentType, new byte[0]), 400, "Error.Request.Invalid", message);
        assertTextError(server.post(v1(), contentType, new byte[0]), 400, "Error.Request.Invalid", message);
        assertErrorDetail(server.call("POST", dated()), 400, "Error.Request.Invalid", message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "82 A6 'target' A1 't' A9 'arguments' 93 01 C4 01 FF CB 7F F8 00 00 00 00 00 00",
                "82 A9 'ARGUMENTS' 93 01 C4 01 FF CB 7F F8 00 00 00 00 00 00 A6 'Target' A1 't'",
                "92 A1 't' 93 01 C4 01 FF CB 7F F8 00 00 00 00 00 00",
            })
    void messagePackComesAsAMapOrAsAnArray(String body) {
        for (String target : List.of(v1(), dated())) {
            assertDone(server.post(target, MSGPACK, bytes(body)), 202);
            assertThat(json.received()).containsExactly(invocation("t", "[1,\"/w==\",null]"));
            assertThat(packed.received())
                    .containsExactly(packedInvocation("93 01 C4 01 FF CB 7F F8 00 00 00 00 00 00"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "C0 | expected a map {target, arguments} or an array [target, arguments]",
                "91 A1 74 | expected an array [target, arguments] of two elements",
                "92 A0 90 | is required and must not be empty",
                "80 | is required and must not be empty",
                "92 A1 74 80 | MessagePack: ",
                "92 A1 74 DD 7F FF FF FF | MessagePack: ",
                "92 A1 74 90 00 | MessagePack: ",
            })
    void messagePackOfTheWrongShapeIsRefused(String body, String why) {
        assertErrorDetail(server.post(dated(), MSGPACK, bytes(body)), 400, "Error.Request.Invalid", why);
        assertNothingReceived();
    }

    @Test
    void framedMessagesReachTheirProtocolVerbatimAndNoOther() {
        String framedJson = "A4 'json' C4 14 '{ \"type\":1,\"x\":1.0}' 1E";
        String framedPack = "AB 'messagepack' C4 05 83 00 92 01 80"; // with a spare zero in its length

        assertDone(server.post(dated(), FRAMED, bytes("82" + framedJson + framedPack)), 202);
        assertThat(json.received()).containsExactly("{ \"type\":1,\"x\":1.0};");
        assertThat(packed.received()).containsExactly("8300920180");

        assertDone(server.post(v1(), FRAMED, bytes("81" + framedJson)), 202);
        assertThat(json.received()).containsExactly("{ \"type\":1,\"x\":1.0};");
        assertThat(packed.received()).isEmpty();

        assertDone(server.post(dated(), FRAMED, bytes("81" + framedPack)), 202);
        assertThat(json.received()).isEmpty();
        assertThat(packed.received()).containsExactly("8300920180");

        assertDone(server.post(dated(), FRAMED, bytes("81 AA 'blazorpack' C4 01 00")), 202);
        assertNothingReceived();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "80 | at least one hub protocol",
                "C0 | MessagePack: ",
                "81 A4 6A736F6E A2 7B7D | MessagePack: ",
                "81 A4 6A736F6E C4 02 7B7D | does not end with 0x1E",
                "81 A4 6A736F6E C4 06 7B7D1E7B7D1E | JSON: ",
                "81 A4 6A736F6E C6 7FFFFFFF | MessagePack: ",
                "81 AB 6D6573736167657061636B C4 03 039106 | the length prefix does not match",
                "81 AB 6D6573736167657061636B C4 06 029106029106 | the length prefix does not match",
                "82 A4 6A736F6E C4 03 7B7D1E A4 6A736F6E C4 03 7B7D1E | a second message",
            })
    void framedMessagesThatAreBrokenAreRefused(String body, String why) {
        assertErrorDetail(server.post(dated(), FRAMED, bytes(body)), 400, "Error.Request.Invalid", why);
        assertNothingReceived();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8",
                "application/json;charset=UTF-8",
                "Application/JSON",
                "application/json ; charset=\"utf-8\"; x=y",
            })
    void aContentTypeMayHaveParameters(String contentType) {
        assertDone(server.post(dated(), contentType, "{\"target\":\"é\"}".getBytes(UTF_8)), 202);
        assertThat(json.received()).containsExactly(invocation("é", "[]"));
    }

    @Test
    void aBodyWithoutContentTypeIsTakenForJson() {
        try (RawHttp http = RawHttp.connect(server.address())) {
            http.body("POST", dated(), "{\"target\":\"t\"}", server.authorization());
            assertDone(http.read(), 202);
        }
        assertThat(json.received()).containsExactly(invocation("t", "[]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/xml", "application/jsonx", "application/x-www-form-urlencoded", "json"
            })
    void anotherContentTypeIsToldWhichThereAre(String contentType) {
        byte[] body = "{\"target\":\"t\"}".getBytes(UTF_8);
        for (String target : List.of(v1(), dated())) {
            RawHttp.Answer answer = server.post(target, contentType, body);
            String all = "application/json, application/octet-stream, application/x-msgpack";
            assertError(target, answer, 415, "UnsupportedMediaType", all);
            assertThat(answer.header("Accept")).isEqualTo(all);
        }
        String preview = "/api/v1-preview/hub/" + hub;
        assertTextError(
                server.post(preview, contentType, body), 415, "UnsupportedMediaType", "one of: application/json.");
        assertTextError(server.post(preview, MSGPACK, bytes("92 A1 't' 90")), 415, "UnsupportedMediaType", "json");
        assertNothingReceived();
    }

    @Test
    void aChunkedBodyNeedsNoLength() {
        try (RawHttp http = RawHttp.connect(server.address())) {
            http.send("POST " + dated() + " HTTP/1.1\r\nHost: localhost\r\n" + server.authorization()
                    + "\r\nContent-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (String chunk : List.of("{\"Targ", "et\":\"", "t\",\"Arguments\":[", "1]}")) {
                http.send(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
            }
            assertDone(http.send("0\r\n\r\n").read(), 202);
        }
        assertThat(json.received()).containsExactly(invocation("t", "[1]"));
        assertThat(packed.received()).containsExactly(packedInvocation("91 01"));
    }

    /** A message of exactly so many bytes. */
    private static byte[] messageOf(int length) {
        String start = "{\"target\":\"t\",\"arguments\":[\"";
        return (start + "x".repeat(length - start.length() - 3) + "\"]}").getBytes(UTF_8);
    }

    @Test
    void aMebibyteIsTheLimit() {
        byte[] largest = messageOf(1024 * 1024);
        assertThat(largest).hasSize(1024 * 1024);
        assertDone(server.post(dated(), "application/json", largest), 202);
        assertThat(json.received())
                .singleElement()
                .satisfies(text -> assertThat(text).hasSizeGreaterThan(1024 * 1024 - 30));

        for (String target : List.of(v1(), dated())) {
            RawHttp.Answer answer = server.post(target, "application/json", messageOf(1024 * 1024 + 1));
            assertError(target, answer, 413, "BodyTooLarge", "1048576 bytes (setting http.maxBodyBytes)");
        }
        assertThat(json.received()).isEmpty();
    }

    @Test
    void aChunkedBodyHasTheSameLimit() {
        try (RawHttp http = RawHttp.connect(server.address())) {
            http.send("POST " + dated() + " HTTP/1.1\r\nHost: localhost\r\n" + server.authorization()
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk = ("40000\r\n" + "x".repeat(0x40000) + "\r\n").getBytes(UTF_8);
            for (int i = 0; i < 4; i++) {
                http.send(chunk);
            }
            http.send("1\r\nx\r\n");
            assertErrorDetail(http.read(), 413, "BodyTooLarge", "1048576 bytes (setting http.maxBodyBytes)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "deflate", "zstd", "identity, gzip"})
    void aCompressedBodyIsRefusedUnread(String coding) {
        for (String target : List.of(v1(), dated())) {
            try (RawHttp http = RawHttp.connect(server.address())) {
                http.body("POST", target, "{\"target\":\"t\"}", server.authorization(), "Content-Encoding: " + coding);
                assertError(target, http.read(), 415, "UnsupportedContentEncoding", "must not be compressed");
            }
        }
        assertNothingReceived();
    }
}
