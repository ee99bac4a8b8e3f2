package io.tidewire.signalr.rest;

import static io.tidewire.signalr.rest.RestServer.assertDone;
import static io.tidewire.signalr.rest.RestServer.assertErrorDetail;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that want to hurt: answered at once, and so is the request behind them on the same event loop. */
@Timeout(60)
class NastyBodiesTest {
    private static final String JSON = "application/json";
    private static final String MSGPACK = "application/x-msgpack";
    /** What is meant is a few milliseconds; a busy machine gets its time. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private static RestServer server;

    private String hub;
    private HubClient json;
    private HubClient packed;

    @BeforeAll
    static void startServer() {
        server = RestServer.setup().maxBodyBytes(12 * 1024 * 1024).start();
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

    private RawHttp.Answer post(String contentType, byte[] body) {
        try (RawHttp http = RawHttp.connect(server.address())) {
            http.send(server.request("POST", "/api/hubs/" + hub + "/:send", contentType, body));
            long start = System.nanoTime();
            RawHttp.Answer answer = http.read();
            assertThat(http.get("/api/health").read().status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
            return answer;
        }
    }

    private static byte[] arguments(String value) {
        return ("{\"target\":\"t\",\"arguments\":[" + value + "]}").getBytes(UTF_8);
    }

    static Stream<Arguments> refused() {
        String deeper = "nested deeper than 64 levels";
        return Stream.of(
                Arguments.of("arrays in arrays", arguments("[".repeat(1_000_000)), deeper),
                Arguments.of("objects in objects", arguments("{\"a\":".repeat(1_000_000)), deeper),
                Arguments.of("one level too many", arguments("[".repeat(63) + "]".repeat(63)), deeper),
                Arguments.of(
                        "deep where nobody looks",
                        ("{\"target\":\"t\",\"x\":" + "[".repeat(100_000)).getBytes(UTF_8),
                        deeper),
                Arguments.of("ten million digits", arguments("9".repeat(10_000_000)), "a number longer than 1000"),
                Arguments.of("a long fraction", arguments("0." + "1".repeat(900_000)), "a number longer than 1000"),
                Arguments.of("a long exponent", arguments("1e" + "9".repeat(900_000)), "a number longer than 1000"),
                Arguments.of(
                        "two targets",
                        "{\"target\":\"t\",\"arguments\":[],\"TARGET\":\"u\"}".getBytes(UTF_8),
                        "a second member 'target'"),
                Arguments.of(
                        "two arguments",
                        "{\"target\":\"t\",\"arguments\":null,\"arguments\":[1]}".getBytes(UTF_8),
                        "a second member 'arguments'"),
                Arguments.of("a high surrogate", arguments("\"\\ud800\""), "a lone surrogate"),
                Arguments.of("a low surrogate", arguments("\"\\udc00\""), "a lone surrogate"),
                Arguments.of("surrogates the wrong way", arguments("\"\\ude00\\ud83d\""), "a lone surrogate"),
                Arguments.of("a NUL in a string", arguments("\"\0\""), "unescaped control character"),
                Arguments.of("a NUL at the end", "{\"target\":\"t\"}\0".getBytes(UTF_8), "0x00"),
                Arguments.of("NULs only", new byte[1_000_000], "0x00"),
                Arguments.of("no UTF-8", latin1("{\"target\":\"\u00e9\"}"), "invalid UTF-8"),
                Arguments.of("overlong UTF-8", latin1("{\"target\":\"\u00c0\u0080\"}"), "invalid UTF-8"),
                Arguments.of("UTF-16", "{\"target\":\"t\"}".getBytes(StandardCharsets.UTF_16), "0xFE"),
                Arguments.of("a string without end", ("{\"target\":\"" + "x".repeat(1_000_000)).getBytes(UTF_8), "end"),
                Arguments.of("blanks", " ".repeat(1_000_000).getBytes(UTF_8), "the text ends"));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedAtOnceWithItsReason(String what, byte[] body, String why) {
        RawHttp.Answer answer = post(JSON, body);
        assertErrorDetail(answer, 400, "Error.Request.Invalid", why);
        assertThat(answer.text().length()).as(what).isLessThan(300);
        assertThat(json.received()).isEmpty();
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                Arguments.of("as deep as allowed", "[".repeat(62) + "]".repeat(62)),
                Arguments.of("a thousand digits", "9".repeat(1000)),
                Arguments.of("an escaped NUL", "\"\\u0000\""),
                Arguments.of("the same name twice in an argument", "{\"a\":1,\"a\":2}"),
                Arguments.of(
                        "a hundred thousand names",
                        IntStream.range(0, 100_000)
                                .mapToObj(i -> "\"n" + i + "\":" + i)
                                .collect(Collectors.joining(",", "{", "}"))),
                Arguments.of(
                        "a hundred thousand times one name",
                        Stream.generate(() -> "\"Aa\":0").limit(100_000).collect(Collectors.joining(",", "{", "}"))),
                Arguments.of("half a million arguments", "0,".repeat(499_999) + "0"),
                Arguments.of("escapes only", "\"" + "\\u00e9".repeat(150_000) + "\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void isDeliveredToClientsOfBothProtocols(String what, String argument) {
        assertDone(post(JSON, arguments(argument)), 202);
        assertThat(json.received())
                .as(what)
                .containsExactly("{\"type\":1,\"target\":\"t\",\"arguments\":[" + argument + "]};");
        assertThat(packed.received()).hasSize(1);
    }

    /** The decoy of a small body with a huge length inside, nesting without end, and a repeated key. */
    static Stream<Arguments> refusedMessagePack() {
        return Stream.of(
                Arguments.of("an array of 2^32-1", unhex("92A174DDFFFFFFFF")),
                Arguments.of("a map of 2^31-1", unhex("92A17491DF7FFFFFFF")),
                Arguments.of("a string of 2^32-1", unhex("92A17491DBFFFFFFFF")),
                Arguments.of("binary of 2^31-1", unhex("92A17491C67FFFFFFF")),
                Arguments.of("an extension of 2^31-1", unhex("92A17491C97FFFFFFF01")),
                Arguments.of("arrays in arrays", nested(0x91)),
                Arguments.of("maps in maps", nested(0x81)),
                Arguments.of("two targets", unhex("83A6746172676574A174A654617267657441")),
                Arguments.of("a reserved byte", unhex("92A17491C1")));
    }

    private static byte[] unhex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] nested(int opening) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(unhex("92A174"));
        for (int i = 0; i < 1_000_000; i++) {
            body.write(opening);
        }
        return body.toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedMessagePack")
    void messagePackIsRefusedAtOnce(String what, byte[] body) {
        assertErrorDetail(post(MSGPACK, body), 400, "Error.Request.Invalid", "MessagePack: ");
        assertThat(packed.received()).as(what).isEmpty();
    }

    @Test
    void aRaisedLimitIsTheOneThatIsNamed() {
        try (RawHttp http = RawHttp.connect(server.address())) {
            http.send("POST /api/hubs/h/:send HTTP/1.1\r\nHost: localhost\r\n" + server.authorization()
                    + "\r\nContent-Length: 12582913\r\n\r\n");
            assertErrorDetail(http.read(), 413, "BodyTooLarge", "12582912 bytes (setting http.maxBodyBytes)");
        }
    }
}
