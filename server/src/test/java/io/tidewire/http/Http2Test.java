package io.tidewire.http;

import static io.tidewire.http.TestServer.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.tls.CertificateObserver;
import io.tidewire.http.tls.TestCertificate;
import io.tidewire.http.tls.Tls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests over HTTP/2 by the JDK's client: the same routes, problems and limits as over HTTP/1.1. */
class Http2Test {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Route OK = TestServer.get(
            "/ok",
            exchange -> exchange.respond(Response.text(
                    200,
                    "ok " + exchange.baseUrl().replaceAll("[0-9]+$", "")
                            + exchange.remoteAddress().getHostAddress())));

    @TempDir
    Path directory;

    private final Queue<Exchange> held = new ConcurrentLinkedQueue<>();
    private final Route later = TestServer.get("/later", held::add);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(TestCertificate.one().trust())
            .build();
    private Tls tls;

    @BeforeEach
    void certificate() {
        tls = new Tls(
                "test.tls", TestCertificate.one().writeTo(directory), CertificateObserver.NONE, InstantSource.system());
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        tls.close();
    }

    private TestServer server(Route... routes) {
        return new TestServer(tls, settings(100_000), routes);
    }

    private static HttpRequest.Builder to(TestServer server, String target) {
        return HttpRequest.newBuilder(
                        URI.create("https://localhost:" + server.address().getPort() + target))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return response;
    }

    @Test
    void requestsShareOneConnection() throws Exception {
        try (TestServer server = server(OK, TestServer.echo())) {
            assertThat(send(to(server, "/ok")).body()).isEqualTo("ok https://localhost:127.0.0.1");
            String large = "x".repeat(99_000);
            assertThat(send(to(server, "/echo").POST(HttpRequest.BodyPublishers.ofString(large)))
                            .body())
                    .isEqualTo(large);
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 90; i++) {
                answers.add(client.sendAsync(to(server, "/ok").build(), BodyHandlers.ofString()));
            }
            for (var answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(server.recorder.opened).hasValue(1);
            assertThat(server.recorder.answered).hasSize(92).contains("GET /ok 200");
        }
    }

    @Test
    void aHeadHasNoBody() throws Exception {
        Route head = TestServer.route(HttpMethod.HEAD, "/h", exchange -> exchange.respond(Response.text(200, "four")));
        try (TestServer server = server(head)) {
            var response = send(to(server, "/h").HEAD());
            assertThat(response.headers().firstValue("content-length")).hasValue("4");
            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    void anAnswerMayBeNothingButAStatus() throws Exception {
        Route bare = TestServer.get("/bare", exchange -> exchange.respond(Response.of(202)));
        try (TestServer server = server(bare, OK)) {
            var response = send(to(server, "/bare"));
            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(response.headers().firstValue("content-length")).hasValue("0");
            assertThat(response.headers().firstValue("date")).isPresent();
            assertThat(send(to(server, "/ok")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void problemsAreTheSame() throws Exception {
        try (TestServer server = server(OK)) {
            assertThat(send(to(server, "/nothing")).body()).isEqualTo("There is nothing at this path.");
            assertThat(send(to(server, "/ok").DELETE()).headers().firstValue("allow"))
                    .hasValue("GET");
            var encoded = send(to(server, "/ok")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofString("zipped")));
            assertThat(encoded.statusCode()).isEqualTo(415);
            assertThat(encoded.headers().firstValue("accept-encoding")).hasValue("identity");
        }
    }

    @Test
    void limitsNameThemselves() throws Exception {
        try (TestServer server = new TestServer(tls, settings(10), OK, TestServer.echo())) {
            var body = send(to(server, "/echo").POST(HttpRequest.BodyPublishers.ofString("more than ten")));
            assertThat(body.statusCode()).isEqualTo(413);
            assertThat(body.body()).isEqualTo("The request body is larger than 10 bytes (setting http.maxBodyBytes).");
            assertThat(body.headers().firstValue("x-code")).hasValue("BodyTooLarge");
            // Without a length, so that the limit is met on the way.
            var streamed = send(to(server, "/echo")
                    .POST(HttpRequest.BodyPublishers.fromPublisher(
                            HttpRequest.BodyPublishers.ofString("more than ten"))));
            assertThat(streamed.statusCode()).isEqualTo(413);

            var header = send(to(server, "/ok").header("x", "a".repeat(600)));
            assertThat(header.statusCode()).isEqualTo(431);
            assertThat(header.body())
                    .isEqualTo("A request header is longer than 512 bytes (setting http.maxHttp2HeaderBytes).");
            var headers = to(server, "/ok");
            for (int i = 0; i < 5; i++) {
                headers.header("x" + i, "a".repeat(450));
            }
            var many = send(headers);
            assertThat(many.statusCode()).isEqualTo(431);
            assertThat(many.body())
                    .isEqualTo("The request headers are larger than 2048 bytes (setting http.maxHeaderBytes).");
            assertThat(send(to(server, "/ok?" + "a".repeat(1100))).statusCode()).isEqualTo(414);
            assertThat(send(to(server, "/ok")).statusCode()).isEqualTo(200);
            assertThat(server.recorder.opened).hasValue(1);
        }
    }

    @Test
    void anAnswerOfAnyLength() throws Exception {
        Queue<AnswerStream> streams = new ConcurrentLinkedQueue<>();
        Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Route stream = TestServer.get("/stream", exchange -> {
            exchanges.add(exchange);
            streams.add(exchange.stream(
                    Response.of(200).with("Content-Type", "text/event-stream"), new AnswerStream.Writer() {
                        @Override
                        public void writable() {
                            seen.add("writable");
                        }

                        @Override
                        public void stopping() {
                            seen.add("stopping");
                        }

                        @Override
                        public void gone() {
                            seen.add("gone");
                        }
                    }));
        });
        try (TestServer server = server(stream, OK)) {
            var response = client.send(to(server, "/stream").build(), BodyHandlers.ofInputStream());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            Exchange exchange = exchanges.remove();
            for (int i = 0; i < 3; i++) {
                var _ = exchange.channel()
                        .writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer("event", StandardCharsets.UTF_8)));
                assertThat(new String(response.body().readNBytes(5), StandardCharsets.UTF_8))
                        .isEqualTo("event");
                assertThat(send(to(server, "/ok")).statusCode()).isEqualTo(200);
            }
            exchange.channel().eventLoop().execute(() -> {
                var _ = streams.remove().end();
            });
            assertThat(response.body().read()).isEqualTo(-1);

            var second = client.send(to(server, "/stream").build(), BodyHandlers.ofInputStream());
            second.body().close();
            await().until(() -> seen.contains("gone"));
            assertThat(server.recorder.opened).hasValue(1);
        }
    }

    /** An answer that is owed is given, then the connection ends. */
    @Test
    void aStopWaitsForAnswersThatAreOwed() throws Exception {
        try (TestServer server = server(later)) {
            var answer = client.sendAsync(to(server, "/later").build(), BodyHandlers.ofString());
            await().until(() -> !held.isEmpty());
            var closed = CompletableFuture.supplyAsync(() -> server.listener.close(LONG));
            await().until(() -> !server.listener.accepting());
            held.remove().respond(Response.text(200, "late"));
            assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("late");
            assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Before the answers, so that the peer opens its next streams elsewhere. */
    @Test
    void aStopIsAnnounced() throws Exception {
        try (TestServer server = server(later);
                RawHttp2 peer = raw(server)) {
            peer.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, RawHttp2.get("/later"));
            await().until(() -> !held.isEmpty());
            var closed = CompletableFuture.supplyAsync(() -> server.listener.close(LONG));
            var announced = peer.await(RawHttp2.GOAWAY);
            assertThat(announced.number(0))
                    .as("the last stream that is answered")
                    .isEqualTo(1);
            assertThat(announced.number(4)).as("no error").isZero();
            held.remove().respond(Response.text(200, "late"));
            assertThat(peer.await(RawHttp2.DATA).payload()).asString().isEqualTo("late");
            assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPeerThatSaysGoodbyeIsLetGo() {
        try (TestServer server = server(OK);
                RawHttp2 peer = raw(server)) {
            peer.frame(RawHttp2.GOAWAY, 0, 0, new byte[8]);
            assertThat(peer.awaitEnd()).isZero();
            await().until(() -> server.listener.connections() == 0);
        }
    }

    private static RawHttp2 raw(TestServer server) {
        return RawHttp2.over(TestCertificate.one().offering(server.address(), "h2"));
    }

    /** Who answers without end hears of a stop, and ends. */
    @Test
    void aStopIsToldToAnswersOfAnyLength() throws Exception {
        Route endless = TestServer.get("/endless", exchange -> {
            Queue<AnswerStream> stream = new ConcurrentLinkedQueue<>();
            stream.add(exchange.stream(Response.of(200), new AnswerStream.Writer() {
                @Override
                public void writable() {}

                @Override
                public void stopping() {
                    var _ = stream.remove().end();
                }

                @Override
                public void gone() {}
            }));
        });
        try (TestServer server = server(endless)) {
            var response = client.send(to(server, "/endless").build(), BodyHandlers.ofInputStream());
            assertThat(server.listener.close(LONG)).isTrue();
            assertThat(response.body().read()).isEqualTo(-1);
        }
    }

    @Test
    void aStopEndsAnIdleConnection() throws Exception {
        try (TestServer server = server(OK)) {
            assertThat(send(to(server, "/ok")).statusCode()).isEqualTo(200);
            assertThat(server.listener.close(LONG)).isTrue();
        }
    }

    @Test
    void anIdleConnectionEnds() throws Exception {
        var hasty = new HttpSettings(
                1024, 2048, 512, 1024, LONG, Duration.ofMillis(300), 1000, 0, 0, LONG, ProxySettings.NONE);
        try (TestServer server = new TestServer(tls, hasty, OK)) {
            assertThat(send(to(server, "/ok")).statusCode()).isEqualTo(200);
            await().until(() -> server.recorder.closed.get() == 1);
            assertThat(send(to(server, "/ok")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aCallerThatLeavesIsNoticed() throws Exception {
        Queue<String> gone = new ConcurrentLinkedQueue<>();
        Route waits = TestServer.get("/wait", exchange -> {
            exchange.onGone(() -> gone.add("gone"));
            held.add(exchange);
        });
        try (TestServer server = server(waits)) {
            var answer = client.sendAsync(to(server, "/wait").build(), BodyHandlers.ofString());
            await().until(() -> !held.isEmpty());
            answer.cancel(true);
            await().until(() -> gone.contains("gone"));
            held.remove().respond(Response.of(200));
        }
    }
}
