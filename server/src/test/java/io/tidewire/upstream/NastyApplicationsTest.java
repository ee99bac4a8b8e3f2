package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.upstream.WebhookOutcome.Failed;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows B20 and F8: what applications may do instead of answering. Each ends with a name, and the connection with it. */
class NastyApplicationsTest {
    private static final int MIB = 1 << 20;

    @Test
    void silenceEndsAtTheTimeoutAndWithItTheConnection() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.awaitEnd();
                });
                var client = Client.with().timeout(Duration.ofMillis(300)).open()) {
            Failed failed = client.failed(app.url());

            assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(failed.detail()).isEqualTo(app.url() + ": no answer within 300ms (upstream.timeout)");
            await().atMost(Duration.ofSeconds(10)).until(() -> app.ended.get() == 1);
        }
    }

    @Test
    void anAnswerWithoutEndIsCutAtTheTimeout() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                    wire.write("a");
                    wire.awaitEnd();
                });
                var client = Client.with().timeout(Duration.ofMillis(300)).open()) {
            assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.TIMED_OUT);
            await().atMost(Duration.ofSeconds(10)).until(() -> app.ended.get() == 1);
        }
    }

    @Test
    void sixteenMebibytesArePassedOn() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: " + 16 * MIB + "\r\n\r\n");
                    wire.write(new byte[16 * MIB]);
                    wire.awaitEnd();
                });
                var client = Client.with().maxResponseBytes(16 * MIB).open()) {
            assertThat(client.answered(app.url()).body()).hasSize(16 * MIB);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneByteMoreIsTooLarge(boolean declared) {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\n"
                            + (declared ? "Content-Length: " + (16 * MIB + 1) : "Connection: close")
                            + "\r\n\r\n");
                    wire.write(new byte[16 * MIB + 1]);
                    wire.awaitEnd();
                });
                var client = Client.with().maxResponseBytes(16 * MIB).open()) {
            Failed failed = client.failed(app.url());

            assertThat(failed.reason()).isEqualTo(Reason.RESPONSE_TOO_LARGE);
            assertThat(failed.detail())
                    .endsWith("the answer of 127.0.0.1 is longer than 16777216 bytes (upstream.maxResponseBytes)");
            await().atMost(Duration.ofSeconds(10)).until(() -> app.ended.get() == 1);
        }
    }

    /** Memory is taken for what comes, not for what is announced. */
    @Test
    void aDeclaredLengthIsNotBelieved() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n");
                    wire.write("only this");
                });
                var client = Client.any()) {
            assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.CONNECTION_LOST);
        }
    }

    @Test
    void aCompressedAnswerIsABodyLikeAnyOther() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[100 * MIB]);
        }
        try (var app = new RawApplication(wire -> {
                    String request = wire.request();
                    assertThat(request.toLowerCase(Locale.ROOT)).doesNotContain("accept-encoding");
                    wire.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.size()
                            + "\r\n\r\n");
                    wire.write(packed.toByteArray());
                    wire.awaitEnd();
                });
                var client = Client.any()) {
            Answered answer = client.answered(app.url());

            assertThat(answer.body()).isEqualTo(packed.toByteArray());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I am no web server\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "\u0000\u0001\u0002\u0003\r\n\r\n",
                "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
            })
    void garbageIsNoAnswer(String garbage) {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write(garbage);
                    wire.awaitEnd();
                });
                var client = Client.any()) {
            Failed failed = client.failed(app.url());

            assertThat(failed.reason()).as(failed.detail()).isEqualTo(Reason.INVALID_RESPONSE);
            assertThat(failed.detail()).doesNotContain("\u0000", "\n", "\tat ");
            await().atMost(Duration.ofSeconds(10)).until(() -> app.ended.get() == 1);
        }
    }

    @Test
    void aFloodOfHeadersIsCut() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\n");
                    flood(wire, "Set-Cookie: a=b; Path=/\r\n");
                });
                var client = Client.any()) {
            Failed failed = client.failed(app.url());

            assertThat(failed.reason()).isEqualTo(Reason.INVALID_RESPONSE);
            assertThat(failed.detail()).contains("more than 128 headers, or a line of more than 16384 bytes");
        }
    }

    /** So far and no further: each limit is ours, and the one that the message names. */
    @Test
    void headersUpToTheLimitsArePassedOn() {
        String most = "X: y\r\n".repeat(Dialer.MAX_HEADERS - 1);
        String longest = "X: " + "y".repeat(Dialer.MAX_HEADER_BYTES - 100) + "\r\n";
        try (var app = new RawApplication(wire -> {
                    for (String headers : List.of(most, longest, most + "X: y\r\n")) {
                        wire.request();
                        wire.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + headers + "\r\n");
                    }
                    wire.awaitEnd();
                });
                var client = Client.any()) {
            assertThat(client.answered(app.url()).headers()).hasSize(Dialer.MAX_HEADERS);
            assertThat(client.answered(app.url()).headers()).hasSize(2);
            assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.INVALID_RESPONSE);
        }
    }

    @Test
    void aHeaderWithoutEndIsCut() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nX: ");
                    flood(wire, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
                });
                var client = Client.any()) {
            assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.INVALID_RESPONSE);
        }
    }

    @Test
    void hintsWithoutEndAreCutAtTheTimeout() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    flood(wire, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
                });
                var client = Client.with().timeout(Duration.ofMillis(500)).open()) {
            assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.TIMED_OUT);
        }
    }

    /** Bounded: far more than any limit, so that a client that reads on fails the test by its outcome. */
    private static void flood(RawApplication.Wire wire, String text) throws IOException {
        for (int i = 0; i < 10_000_000; i++) {
            wire.write(text);
        }
    }

    @Test
    void hintsBeforeTheAnswerArePassedOver() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    wire.awaitEnd();
                });
                var client = Client.any()) {
            assertThat(Client.text(client.answered(app.url()))).isEqualTo("ok");
        }
    }

    @Test
    void aResetBeforeTheAnswer() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.reset();
                });
                var client = Client.any()) {
            Failed failed = client.failed(app.url());

            assertThat(failed.reason()).isEqualTo(Reason.CONNECTION_LOST);
            assertThat(failed.detail())
                    .startsWith(app.url() + ": the connection to 127.0.0.1 ended before the answer: ");
            assertThat(app.requests).hasValue(1);
        }
    }

    @Test
    void aResetWithinTheBody() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                    wire.reset();
                });
                var client = Client.any()) {
            assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.CONNECTION_LOST);
        }
    }

    @Test
    void anEndWithinAChunkedBody() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nabc");
                });
                var client = Client.any()) {
            assertThat(client.failed(app.url()).reason()).isEqualTo(Reason.CONNECTION_LOST);
        }
    }

    @Test
    void anAnswerThatEndsWithItsConnection() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.0 200 OK\r\n\r\nall of it");
                });
                var client = Client.any()) {
            assertThat(Client.text(client.answered(app.url()))).isEqualTo("all of it");
        }
    }

    /** What comes after an answer belongs to no call. */
    @Test
    void bytesAfterAnAnswerAreNobodysAnswer() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    wire.awaitEnd();
                });
                var client = Client.any()) {
            assertThat(Client.text(client.answered(app.url()))).isEqualTo("ok");

            WebhookOutcome second = client.call(app.url());

            assertThat(second instanceof Answered answer ? Client.text(answer) : "")
                    .isNotEqualTo("evil");
        }
    }

    @Test
    void aLineBreakInAHeaderValueStartsNoHeader() {
        try (var app = Application.answering(200, "");
                var client = Client.any()) {
            var request = WebhookRequest.post(
                    app.url("/"),
                    List.of(Map.entry("X-Query", "a\r\nX-Evil: 1")),
                    "application/json",
                    new byte[0],
                    false);

            assertThat(client.call(request)).isInstanceOf(Answered.class);

            assertThat(app.seen)
                    .hasSize(1)
                    .allSatisfy(seen -> assertThat(seen.headers()).doesNotContainKey("X-evil"));
        }
    }
}
