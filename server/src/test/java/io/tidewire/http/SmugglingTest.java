package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two parties on the way could read differently are refused and end the connection. */
class SmugglingTest {
    private final AtomicInteger smuggled = new AtomicInteger();
    private final TestServer server = new TestServer(TestServer.echo(), TestServer.get("/smuggled", exchange -> {
        smuggled.incrementAndGet();
        exchange.respond(Response.of(200));
    }));

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Which length?
                "POST /echo HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 6||12345",
                "POST /echo HTTP/1.1|Host: a|Content-Length: 5|content-length: 5||12345",
                "POST /echo HTTP/1.1|Host: a|Content-Length: 5, 6||12345",
                "POST /echo HTTP/1.0|Content-Length: 0|Content-Length: 5||12345",
                "POST /echo HTTP/1.1|Host: a|Content-Length: +5||12345",
                "POST /echo HTTP/1.1|Host: a|Content-Length: 0x5||12345",
                "POST /echo HTTP/1.1|Host: a|Content-Length: -1||",
                "POST /echo HTTP/1.1|Host: a|Content-Length: 99999999999999999999||",
                "POST /echo HTTP/1.1|Host: a|Content-Length:||12345",
                // Length or chunks?
                "POST /echo HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked||0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 5||0||",
                "POST /echo HTTP/1.0|Transfer-Encoding: chunked||0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked, identity||0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: xchunked||0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: gzip||0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding : chunked||0||",
                "GET /smuggled HTTP/1.1|Host: a|Sec-WebSocket-Key1: 1|Sec-WebSocket-Key2: 2||12345678",
                // One header or two?
                "GET /smuggled HTTP/1.1|Host: a|X: one| two||",
                "GET /smuggled HTTP/1.1|Host: a|X: one|\ttwo||",
                "GET /smuggled HTTP/1.1| Host: a||",
                "POST /echo HTTP/1.1|Host: a|Content-Length:| 5||12345",
                "||GET /smuggled HTTP/1.1|Host: a|X: one| two||",
                // Is that a header?
                "GET /smuggled HTTP/1.1|Host: a|Bad Name: x||",
                "GET /smuggled HTTP/1.1|Host: a|Bad(Name): x||",
                "GET /smuggled HTTP/1.1|Host: a|: x||",
                "GET /smuggled HTTP/1.1|Host: a|no colon||",
                "GET /smuggled HTTP/1.1|Host: a|X: a\u0000b||",
                "GET /smuggled HTTP/1.1|Host: a|X: a\rb||",
                "GET /smuggled HTTP/1.1|Host: a|X: a\u0001b||",
                // Where does a line end?
                "GET /smuggled HTTP/1.1\nHost: a||",
                "GET /smuggled HTTP/1.1|Host: a\n|",
                "GET /smuggled HTTP/1.1|Host: a|X: 1\nY: 2||",
                "GET /smuggled HTTP/1.1|Host: a|\n",
                // Whom is it for?
                "GET /smuggled HTTP/1.1|Host: a|Host: b||",
                "GET /smuggled HTTP/1.1||",
                // What is asked?
                "GET  HTTP/1.1|Host: a||",
                "GET /smuggled|Host: a||",
                "GET /smug gled HTTP/1.1|Host: a||",
                "GET /smuggled HTTP/1.1 |Host: a||",
                "G@T /smuggled HTTP/1.1|Host: a||",
                "GET smuggled HTTP/1.1|Host: a||",
                "GET /smuggled#x HTTP/1.1|Host: a||",
                "GET /smuggled?\u00e4 HTTP/1.1|Host: a||",
                "GET /smuggled\u0000 HTTP/1.1|Host: a||",
                "CONNECT smuggled:80 HTTP/1.1|Host: a||",
                // What is a chunk?
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||5 x|hello|0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||+5|hello|0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||0x5|hello|0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||ffffffffff|hello|0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||5\nhello|0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||5|helloworld|0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||5;\n|hello|0||",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||0|Host: b||",
            })
    void isRefusedAndClosed(String request) {
        try (RawHttp http = server.connect()) {
            http.send(request.replace("|", "\r\n") + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            var answer = http.read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.header("Content-Type")).startsWith("text/plain");
            assertThat(answer.text()).isNotEmpty().doesNotContain("Exception", "\tat ");
            assertThat(http.ended()).isTrue();
        }
        assertThat(smuggled).hasValue(0);
        assertThat(server.recorder.refusals()).containsExactly("MalformedRequest");
    }

    /** Whatever the size of the pieces in which a fold arrives. */
    @ParameterizedTest
    @ValueSource(strings = {"X: one| two||", "X: one|\ttwo||"})
    void aFoldIsSeenByteByByte(String headers) {
        try (RawHttp http = server.connect()) {
            String request = "GET /smuggled HTTP/1.1\r\nHost: a\r\n" + headers.replace("|", "\r\n");
            for (int i = 0; i < request.indexOf("wo"); i++) {
                http.send(request.substring(i, i + 1));
            }
            assertThat(http.read().status()).isEqualTo(400);
            assertThat(http.ended()).isTrue();
        }
        assertThat(smuggled).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "'POST /echo HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||', 501, UnsupportedTransferEncoding",
        "'POST /echo HTTP/1.1|Host: a|Content-Length: 3|Content-Encoding: gzip||abc', 415, UnsupportedContentEncoding",
        "'POST /echo HTTP/1.1|Host: a|Content-Length: 3|Content-Encoding: br||abc', 415, UnsupportedContentEncoding",
        "'POST /echo HTTP/1.1|Host: a|Content-Length: 3|Content-Encoding: deflate||abc', 415, UnsupportedContentEncoding",
        "'POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Encoding: zstd||0||', 415, UnsupportedContentEncoding",
        "'POST /echo HTTP/1.1|Host: a|Content-Length: 5|Content-Encoding: identity|Content-Encoding: gzip||hello', 415, UnsupportedContentEncoding",
        "'POST /echo HTTP/1.1|Host: a|Content-Length: 5|Expect: 100-continue|Expect: tea||hello', 417, UnsupportedExpectation",
        "'POST /echo HTTP/1.1|Host: a|Content-Length: 3|Expect: 200-ok||abc', 417, UnsupportedExpectation",
        "'GET /smuggled HTTP/2.0|Host: a||', 505, UnsupportedHttpVersion",
    })
    void whatIsNotSupportedSaysSo(String request, int status, String reason) {
        try (RawHttp http = server.connect()) {
            var answer = http.send(request.replace("|", "\r\n")).read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(http.ended()).isTrue();
        }
        assertThat(smuggled).hasValue(0);
        assertThat(server.recorder.refusals()).containsExactly(reason);
    }

    /** Lines that begin with a blank are nothing unusual in a body, nor empty lines before a request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /echo HTTP/1.1|Host: a|Content-Length: 5||a| b",
                "||POST /echo HTTP/1.1|Host: a|Content-Length: 5|| {\n }",
                "POST /echo HTTP/1.1|Host: a|Transfer-Encoding: chunked||5| \n\tab|0||",
                "POST /echo HTTP/1.1|Host: a|Content-Length: 5|Content-Encoding: identity||abcde",
                "POST http://localhost/echo HTTP/1.1|Host: a|Content-Length: 5||abcde",
            })
    void whatIsAllowedPasses(String request) {
        try (RawHttp http = server.connect()) {
            String bytes = request.replace("|", "\r\n");
            for (int round = 0; round < 2; round++) {
                var answer = http.send(bytes).read();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).hasSize(5);
            }
            for (int i = 0; i < bytes.length(); i++) {
                http.send(bytes.substring(i, i + 1));
            }
            assertThat(http.read().status()).isEqualTo(200);
        }
    }
}
