package io.tidewire.http;

import static io.tidewire.http.TestServer.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.NetworkSettings.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Each bound, the sentence that names it and its setting, and that the connection ends in order. */
class LimitsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(150);

    private static final Route OK = TestServer.get("/ok", exchange -> exchange.respond(Response.text(200, "ok")));

    private static void refused(RawHttp http, int status, String message) {
        var answer = http.read();
        assertThat(answer.text()).isEqualTo(message);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(http.ended()).isTrue();
    }

    @Test
    void requestLine() {
        try (TestServer server = new TestServer(OK);
                RawHttp http = server.connect()) {
            assertThat(http.get("/ok?" + "a".repeat(1024 - 17)).read().status()).isEqualTo(200);
            http.get("/ok?" + "a".repeat(1024 - 16));
            refused(http, 414, "The request line is longer than 1024 bytes (setting http.maxUriBytes).");
        }
    }

    @Test
    void headers() {
        try (TestServer server = new TestServer(OK);
                RawHttp http = server.connect()) {
            assertThat(http.get("/ok", "X: " + "a".repeat(2000)).read().status())
                    .isEqualTo(200);
            http.get("/ok", "X: " + "a".repeat(1500), "Y: " + "a".repeat(1500));
            refused(http, 431, "The request headers are larger than 2048 bytes (setting http.maxHeaderBytes).");
        }
    }

    @Test
    void headersOf64KibAreCutLongBeforeTheirEnd() {
        try (TestServer server = new TestServer(OK);
                RawHttp http = server.connect()) {
            http.send("GET /ok HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(64 * 1024));
            refused(http, 431, "The request headers are larger than 2048 bytes (setting http.maxHeaderBytes).");
        }
    }

    @Test
    void bodyByItsLengthInTheFormatOfItsRoute() {
        try (TestServer server = new TestServer(settings(10), TestServer.echo());
                RawHttp http = server.connect()) {
            assertThat(http.body("POST", "/echo", "0123456789").read().text()).isEqualTo("0123456789");
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
            var answer = http.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text())
                    .isEqualTo("The request body is larger than 10 bytes (setting http.maxBodyBytes).");
            assertThat(answer.header("X-Code")).isEqualTo("BodyTooLarge");
            assertThat(http.ended()).isTrue();
            assertThat(server.recorder.refusals()).containsExactly("BodyTooLarge");
        }
    }

    @Test
    void bodyByItsChunks() {
        try (TestServer server = new TestServer(settings(10), TestServer.echo());
                RawHttp http = server.connect()) {
            http.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\n12345\r\n");
            refused(http, 413, "The request body is larger than 10 bytes (setting http.maxBodyBytes).");
        }
    }

    /** Bodies of others, whether still arriving or being worked on, leave no room; what was refused or answered makes some. */
    @Test
    void theBodiesOfAllTogether() {
        Queue<Exchange> held = new ConcurrentLinkedQueue<>();
        Route later = TestServer.route(HttpMethod.POST, "/later", held::add);
        try (TestServer server =
                        new TestServer(Transport.AUTO, settings(100), new Budget(100), TestServer.echo(), later);
                RawHttp working = server.connect();
                RawHttp arriving = server.connect()) {
            working.body("POST", "/later", "x".repeat(40));
            await().until(() -> !held.isEmpty());
            arriving.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n" + "y".repeat(20));
            arriving.send("\r\n14\r\n" + "y".repeat(20) + "\r\n");
            await().until(() -> server.budget.used() == 80);

            try (RawHttp third = server.connect()) {
                var answer = third.body("POST", "/echo", "z".repeat(21)).read();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.text())
                        .isEqualTo("This server holds as many bytes for its peers as it may, 100"
                                + " (setting network.maxBufferedBytes). Try again in a moment.");
                assertThat(answer.header("Retry-After")).isEqualTo("1");
                assertThat(answer.header("X-Code")).isEqualTo("Overloaded");
                assertThat(third.ended()).isTrue();
            }
            try (RawHttp fourth = server.connect()) {
                assertThat(fourth.body("POST", "/echo", "z".repeat(20)).read().status())
                        .isEqualTo(200);
            }
            held.remove().respond(Response.of(200));
            assertThat(working.read().status()).isEqualTo(200);
            assertThat(server.budget.used()).isEqualTo(40);
            arriving.send("x\r\n");
            assertThat(arriving.read().status()).isEqualTo(400);
            assertThat(server.budget.used()).isZero();
            assertThat(server.recorder.refusals()).containsExactly("Overloaded", "MalformedRequest");
        }
    }

    /** The answer is read although the client is still sending when it comes. */
    @Test
    void aClientThatGoesOnSendingStillReadsWhyItIsRefused() {
        try (TestServer server = new TestServer(settings(10), TestServer.echo());
                RawHttp http = server.connect()) {
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
            await().until(http::hasMore);
            for (int i = 0; i < 100; i++) {
                http.send("x".repeat(10_000));
            }
            assertThat(http.read().status()).isEqualTo(413);
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void expectContinueIsAnsweredBeforeTheBodyAndNotWhenThatIsTooLarge() {
        try (TestServer server = new TestServer(settings(10), TestServer.echo());
                RawHttp http = server.connect()) {
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(http.readHead().status()).isEqualTo(100);
            http.send("hello");
            assertThat(http.read().text()).isEqualTo("hello");
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
            assertThat(http.readHead().status()).isEqualTo(413);
        }
    }

    @Test
    void dribbledHeaders() {
        try (TestServer server = new TestServer(settings(SHORT, LONG), OK);
                RawHttp http = server.connect()) {
            http.send("GET /ok HTTP/1.1\r\nHost: a\r\n");
            refused(http, 408, "The request did not arrive within 150 ms (setting http.requestTimeout).");
            assertThat(server.recorder.refusals()).containsExactly("RequestTimeout");
        }
    }

    /** Neither a byte now and then nor the pause before the rest moves the deadline. */
    @Test
    void dribblingDoesNotBuyTime() {
        try (TestServer server = new TestServer(settings(SHORT, LONG), OK);
                RawHttp http = server.connect()) {
            http.send("GET /ok HTTP/1.1\r\nHost: a\r\nX: ");
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                if (!http.hasMore()) {
                    http.send("x");
                }
                return http.hasMore();
            });
            assertThat(http.read().status()).isEqualTo(408);
        }
    }

    @Test
    void stalledBody() {
        try (TestServer server = new TestServer(settings(SHORT, LONG), TestServer.echo());
                RawHttp http = server.connect()) {
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            refused(http, 408, "The request did not arrive within 150 ms (setting http.requestTimeout).");
        }
    }

    /** Also when the stalled one came in the same packet as the one before. */
    @Test
    void stalledSecondRequest() {
        Queue<Exchange> held = new ConcurrentLinkedQueue<>();
        try (TestServer server = new TestServer(settings(SHORT, LONG), TestServer.get("/held", held::add));
                RawHttp http = server.connect()) {
            http.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\nGET /held HT");
            await().until(() -> !held.isEmpty());
            held.remove().respond(Response.of(200));
            assertThat(http.read().status()).isEqualTo(200);
            assertThat(http.read().status()).isEqualTo(408);
        }
    }

    @Test
    void idleConnections() {
        try (TestServer server = new TestServer(settings(LONG, SHORT), OK)) {
            try (RawHttp silent = server.connect()) {
                assertThat(silent.ended()).isTrue();
            }
            try (RawHttp kept = server.connect()) {
                assertThat(kept.get("/ok").read().status()).isEqualTo(200);
                assertThat(kept.ended()).isTrue();
            }
            assertThat(server.recorder.refused).isEmpty();
        }
    }

    @Test
    void aSlowHandlerIsNotIdle() {
        Queue<Exchange> held = new ConcurrentLinkedQueue<>();
        Duration tiny = Duration.ofMillis(30);
        try (TestServer server = new TestServer(settings(tiny, tiny), TestServer.get("/held", held::add));
                RawHttp http = server.connect()) {
            http.get("/held");
            await().until(() -> !held.isEmpty());
            long since = System.nanoTime();
            await().until(() -> System.nanoTime() - since > tiny.multipliedBy(5).toNanos());
            held.remove().respond(Response.text(200, "still here"));
            assertThat(http.read().text()).isEqualTo("still here");
        }
    }

    /** Nobody reads the answers: the next requests wait, and in the end the connection is idle. */
    @Test
    void aClientThatDoesNotReadIsCut() {
        byte[] large = new byte[4 * 1024 * 1024];
        Route route = TestServer.get("/large", exchange -> exchange.respond(Response.of(200, "x/y", large)));
        try (TestServer server = new TestServer(settings(LONG, Duration.ofMillis(500)), route);
                RawHttp http = server.connect()) {
            http.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50));
            await().untilAsserted(() -> assertThat(server.recorder.closed).hasValue(1));
            assertThat(server.recorder.answered.size()).isLessThan(10);
        }
    }

    @Test
    void connectionsPauseAcceptingAndResume() {
        var two = new HttpSettings(1024, 2048, 512, 1024, LONG, LONG, 2, 0, 0, LONG, ProxySettings.NONE);
        try (TestServer server = new TestServer(two, OK);
                RawHttp first = server.connect();
                RawHttp second = server.connect()) {
            assertThat(first.get("/ok").read().status()).isEqualTo(200);
            assertThat(second.get("/ok").read().status()).isEqualTo(200);
            // The kernel takes the third one; it waits there.
            try (RawHttp third = server.connect()) {
                third.get("/ok");
                for (int i = 0; i < 50; i++) {
                    assertThat(first.get("/ok").read().status()).isEqualTo(200);
                }
                assertThat(third.hasMore()).isFalse();
                assertThat(server.recorder.opened).hasValue(2);
                assertThat(server.recorder.pauses).hasValue(1);
                assertThat(server.listener.accepting()).isTrue();
                assertThat(first.get("/ok", "Connection: close").read().status())
                        .isEqualTo(200);
                assertThat(third.read().status()).isEqualTo(200);
                assertThat(server.listener.connections()).isEqualTo(2);
            }
        }
    }

    @Test
    void runningOutOfFileDescriptorsDoesNotEndTheListener() {
        try (TestServer server = new TestServer(OK)) {
            Channel socket = Objects.requireNonNull(server.listener.server());
            for (int i = 0; i < 3; i++) {
                socket.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
            }
            await().until(() -> !socket.config().isAutoRead());
            await().untilAsserted(() -> assertThat(server.recorder.pauses).hasValue(1));
            try (RawHttp http = server.connect()) {
                assertThat(http.get("/ok").read().status()).isEqualTo(200);
            }
            assertThat(server.listener.accepting()).isTrue();
        }
    }

    /** Peers that ask and do not read make the node hold what they asked for. */
    @Test
    void anAnswerCountsUntilItIsTaken() {
        byte[] large = new byte[16 << 20];
        Route route = TestServer.route(
                HttpMethod.GET, "/large", exchange -> exchange.respond(Response.of(200, "text/plain", large)));
        try (TestServer server = new TestServer(route)) {
            try (RawHttp reader = RawHttp.connect(server.listener.address(), 16 * 1024)) {
                reader.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
                await().until(() -> server.budget.used() == large.length);
                assertThat(reader.read().body()).hasSize(large.length);
                await().until(() -> server.budget.used() == 0);
            }
            try (RawHttp leaving = RawHttp.connect(server.listener.address(), 16 * 1024)) {
                leaving.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                await().until(() -> server.budget.used() == large.length);
            }
            await().until(() -> server.budget.used() == 0);
        }
    }
}
