package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.tidewire.http.RawHttp2.Frame;
import io.tidewire.http.tls.CertificateObserver;
import io.tidewire.http.tls.TestCertificate;
import io.tidewire.http.tls.Tls;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input B22: peers that use HTTP/2 to make others work. The connection ends with a reason, and others are served. */
class Http2AttackTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MAX_HEADER_LIST = 6;
    private static final int INITIAL_WINDOW = 4;
    private static final Route OK = TestServer.get("/ok", exchange -> exchange.respond(Response.text(200, "ok")));
    private static final Route NEVER = TestServer.get("/never", _ -> {});
    private static final Route LARGE =
            TestServer.get("/large", exchange -> exchange.respond(Response.text(200, "x".repeat(100_000))));

    @TempDir
    Path directory;

    private Tls tls;
    private TestServer server;

    @BeforeEach
    void start() {
        tls = new Tls(
                "test.tls", TestCertificate.one().writeTo(directory), CertificateObserver.NONE, InstantSource.system());
        server = new TestServer(tls, TestServer.settings(1000), OK, LARGE, NEVER, TestServer.echo());
    }

    /** Whatever the attacker did: somebody else is served, on a connection of HTTP/1.1 and on one of HTTP/2. */
    @AfterEach
    void othersAreServed() {
        try (RawHttp http = RawHttp.over(TestCertificate.one().connect(server.address()));
                RawHttp2 http2 = connect()) {
            assertThat(http.get("/ok").read().status()).isEqualTo(200);
            http2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, RawHttp2.get("/ok"));
            assertThat(http2.await(RawHttp2.DATA).payload()).asString().isEqualTo("ok");
        }
        server.close();
        tls.close();
    }

    private RawHttp2 connect(int... settings) {
        return RawHttp2.over(TestCertificate.one().offering(server.address(), "h2"), settings);
    }

    /** Sends as fast as the server takes it, until it has had enough. */
    private static void flood(Runnable frames) {
        try {
            for (int i = 0; i < 20_000; i++) {
                frames.run();
            }
        } catch (UncheckedIOException ended) {
            // As it should.
        }
    }

    private void ends(RawHttp2 client, String reason) {
        int error = client.awaitEnd();
        // A reset of the socket may overtake what was written before it.
        assertThat(error).isIn(RawHttp2.ENHANCE_YOUR_CALM, -1);
        await().until(() -> server.recorder.refusals().contains(reason));
        await().until(() -> server.listener.connections() == 0);
    }

    @Test
    void rapidReset() {
        try (RawHttp2 client = connect()) {
            int[] stream = {1};
            flood(() -> {
                client.frame(
                                RawHttp2.HEADERS,
                                RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                                stream[0],
                                RawHttp2.get("/ok"))
                        .frame(RawHttp2.RST_STREAM, 0, stream[0], (byte) 0, (byte) 0, (byte) 0, (byte) 8);
                stream[0] += 2;
            });
            ends(client, "Http2Flood");
            assertThat(server.recorder.answered.size()).isLessThan(1000);
        }
    }

    /** Streams that the server itself resets, because the peer breaks the rules on each (MadeYouReset). */
    @Test
    void streamsThatTheServerMustReset() {
        try (RawHttp2 client = connect()) {
            int[] stream = {1};
            flood(() -> {
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream[0], RawHttp2.block("POST", "/echo"))
                        .frame(RawHttp2.WINDOW_UPDATE, 0, stream[0], (byte) 0, (byte) 0, (byte) 0, (byte) 0);
                stream[0] += 2;
            });
            client.awaitEnd();
            await().until(() -> server.listener.connections() == 0);
            assertThat(server.recorder.refusals()).contains("MalformedRequest").hasSizeLessThan(1000);
            assertThat(server.recorder.answered).isEmpty();
        }
    }

    @Test
    void continuationsWithoutEnd() {
        try (RawHttp2 client = connect()) {
            client.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.get("/ok"));
            byte[] more = RawHttp2.block("GET", "/ok", "x", "y".repeat(10_000));
            flood(() -> client.frame(RawHttp2.CONTINUATION, 0, 1, more));
            client.awaitEnd();
            await().until(() -> server.listener.connections() == 0);
            assertThat(server.recorder.refusals()).hasSize(1).first().asString().startsWith("Http2");
        }
    }

    @Test
    void emptyContinuations() {
        try (RawHttp2 client = connect()) {
            client.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.get("/ok"));
            flood(() -> client.frame(RawHttp2.CONTINUATION, 0, 1));
            client.awaitEnd();
            await().until(() -> server.listener.connections() == 0);
            assertThat(server.recorder.refusals()).hasSize(1).first().asString().startsWith("Http2");
        }
    }

    @Test
    void settings() {
        try (RawHttp2 client = connect()) {
            flood(() -> client.settings(INITIAL_WINDOW, 65_535));
            ends(client, "Http2Flood");
        }
    }

    @Test
    void pings() {
        try (RawHttp2 client = connect()) {
            flood(() -> client.frame(RawHttp2.PING, 0, 0, new byte[8]));
            ends(client, "Http2Flood");
        }
    }

    @Test
    void emptyData() {
        try (RawHttp2 client = connect()) {
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.block("POST", "/echo"));
            flood(() -> client.frame(RawHttp2.DATA, 0, 1));
            ends(client, "Http2Flood");
        }
    }

    /** An answer that the peer never lets through is held, once for each of few streams, and no longer than an idle connection. */
    @Test
    void aWindowOfZero() {
        var hasty = new HttpSettings(
                1024, 2048, 512, 1000, LONG, Duration.ofMillis(500), 1000, 0, 0, LONG, ProxySettings.NONE);
        server.close();
        server = new TestServer(tls, hasty, OK, LARGE, TestServer.echo());
        try (RawHttp2 client = connect(INITIAL_WINDOW, 0)) {
            for (int stream = 1; stream < 41; stream += 2) {
                client.frame(
                        RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, stream, RawHttp2.get("/large"));
            }
            await().until(() -> server.recorder.answered.size() == 20);
            assertThat(client.await(RawHttp2.RST_STREAM).stream()).isPositive();
            client.awaitEnd();
        }
    }

    /** Bad input B23, for one stream of several. */
    @Test
    void aBodyThatStalls() {
        var hasty = new HttpSettings(
                1024, 2048, 512, 1000, Duration.ofMillis(300), LONG, 1000, 0, 0, LONG, ProxySettings.NONE);
        server.close();
        server = new TestServer(tls, hasty, OK, LARGE, TestServer.echo());
        try (RawHttp2 client = connect()) {
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.block("POST", "/echo"))
                    .frame(RawHttp2.DATA, 0, 1, (byte) 'a');
            assertThat(client.await(RawHttp2.DATA).payload())
                    .asString()
                    .isEqualTo("The request did not arrive within 300 ms (setting http.requestTimeout).");
            assertThat(client.await(RawHttp2.RST_STREAM).number(0))
                    .as("no error")
                    .isZero();
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 3, RawHttp2.get("/ok"));
            assertThat(client.await(RawHttp2.DATA).payload()).asString().isEqualTo("ok");
            assertThat(server.recorder.refusals()).containsExactly("RequestTimeout");
        }
    }

    @Test
    void moreStreamsThanAllowed() {
        try (RawHttp2 client = connect(INITIAL_WINDOW, 0)) {
            for (int stream = 1; stream < 2 * 120; stream += 2) {
                client.frame(
                        RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, stream, RawHttp2.get("/large"));
            }
            Frame refused = client.await(RawHttp2.RST_STREAM);
            assertThat(refused.stream()).isEqualTo(201);
            assertThat(server.recorder.answered.size()).isEqualTo(100);
        }
    }

    /** A peer that says it reads next to no headers is answered all the same; it must not be a way to make each answer fail. */
    @Test
    void aPeerThatReadsNoHeaders() {
        try (RawHttp2 client = connect(MAX_HEADER_LIST, 1)) {
            for (int stream = 1; stream < 601; stream += 2) {
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, stream, RawHttp2.get("/ok"));
                assertThat(client.await(RawHttp2.DATA).stream()).isEqualTo(stream);
            }
        }
    }

    /** One entry of the table of 4 KB, named again by one byte each: what a few bytes become is counted before it is held. */
    @Test
    void headersThatGrowWhenTheyAreDecompressed() {
        try (RawHttp2 client = connect()) {
            long before = directMemory();
            byte[] entry = RawHttp2.block("GET", "/ok", "x", "y".repeat(3000));
            // The last of them goes into the table: a literal with indexing.
            int at = new String(entry, StandardCharsets.ISO_8859_1).indexOf("\1x") - 1;
            entry[at] = 0x40;
            byte[] bomb = Arrays.copyOf(entry, entry.length + 12_000);
            Arrays.fill(bomb, entry.length, bomb.length, (byte) 0xBE);
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, bomb);
            client.frame(RawHttp2.PING, 0, 0, new byte[8]);
            Frame answer = client.read();
            while (answer != null && answer.type() != RawHttp2.HEADERS && answer.type() != RawHttp2.GOAWAY) {
                answer = client.read();
            }
            assertThat(directMemory() - before).isLessThan(8 * 1024 * 1024);
            assertThat(server.recorder.answered).isEmpty();
        }
    }

    /** An answer that is still owed does not keep a connection that floods. */
    @Test
    void pingsBesideAnOpenStream() {
        try (RawHttp2 client = connect()) {
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, RawHttp2.get("/never"));
            // No more than the first guard needs.
            for (int i = 0; i < 150; i++) {
                client.frame(RawHttp2.PING, 0, 0, new byte[8]);
            }
            ends(client, "Http2Flood");
        }
    }

    /** Whichever of them was taken, somebody on the way may have taken the other. */
    @Test
    void whatMustBeThereOnceIsNotThereTwice() {
        try (RawHttp2 client = connect()) {
            client.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                    1,
                    RawHttp2.block("GET", "/ok", "host", "evil.example"));
            assertThat(client.await(RawHttp2.HEADERS).payload()[0])
                    .as("status 400")
                    .isEqualTo((byte) 0x8C);
            assertThat(server.recorder.refusals()).containsExactly("MalformedRequest");
        }
    }

    @Test
    void headersInUpperCaseAreRefused() {
        try (RawHttp2 client = connect()) {
            client.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                    1,
                    RawHttp2.block("GET", "/ok", "X-Upper", "1"));
            assertThat(client.await(RawHttp2.RST_STREAM).stream()).isEqualTo(1);
            assertThat(server.recorder.answered).isEmpty();
        }
    }

    @Test
    void headersAboutTheConnectionAreRefused() {
        try (RawHttp2 client = connect()) {
            client.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                    1,
                    RawHttp2.block("GET", "/ok", "upgrade", "websocket", "connection", "upgrade"));
            Frame answer = client.read();
            while (answer != null
                    && answer.type() != RawHttp2.HEADERS
                    && answer.type() != RawHttp2.RST_STREAM
                    && answer.type() != RawHttp2.GOAWAY) {
                answer = client.read();
            }
            assertThat(answer).isNotNull();
            assertThat(server.recorder.answered).isEmpty();
        }
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
