package io.tidewire.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.tidewire.auth.ConnectionString;
import io.tidewire.http.RawHttp;
import io.tidewire.http.tls.TestCertificate;
import io.tidewire.http.tls.TlsSettings;
import io.tidewire.transport.RawWebSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server behind a certificate of its own. */
class TlsTest {
    private static final String END = "\36";
    private static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1}" + END;
    private static final long MIB = 1024 * 1024;

    @TempDir
    Path directory;

    private TestTidewire.Options options() {
        TlsSettings files = TestCertificate.one().writeTo(directory);
        return TestTidewire.with()
                .set("signalr.tls.certificate=" + files.certificate(), "signalr.tls.key=" + files.key());
    }

    private static HttpRequest broadcast(TestTidewire server, String arguments) {
        return HttpRequest.newBuilder(server.signalr().url().resolve("/api/v1/hubs/chat"))
                .header("Authorization", "Bearer " + server.tokenFor("https://localhost/api/v1/hubs/chat"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"target\":\"t\",\"arguments\":" + arguments + "}"))
                .build();
    }

    @Test
    void aMessageFromRestToAWebSocket() throws Exception {
        try (TestTidewire server = options().start();
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(TestCertificate.one().trust())
                        .build()) {
            URI url = server.signalr().url();
            assertThat(url.getScheme()).isEqualTo("https");
            assertThat(ConnectionString.parse(server.signalr().connectionString())
                            .toString())
                    .contains("https");

            BlockingQueue<String> texts = new LinkedBlockingQueue<>();
            WebSocket socket = http.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + server.clientToken("chat"))
                    .buildAsync(
                            URI.create("wss://localhost:" + url.getPort() + "/client/?hub=chat"),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletionStage<?> onText(
                                        WebSocket from, CharSequence text, boolean last) {
                                    texts.add(text.toString());
                                    return WebSocket.Listener.super.onText(from, text, last);
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            var _ = socket.sendText(HANDSHAKE, true);
            assertThat(texts.poll(10, TimeUnit.SECONDS)).isEqualTo("{}" + END);

            assertThat(http.send(broadcast(server, "[1]"), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(202);
            assertThat(texts.poll(10, TimeUnit.SECONDS)).contains("\"arguments\":[1]");
            socket.abort();
        }
    }

    /** What a browser does by fetch: it all goes over one HTTP/2 connection. */
    @Test
    void eventsAndPollsOverHttp2() throws Exception {
        try (TestTidewire server = options().start();
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(TestCertificate.one().trust())
                        .build()) {
            String events = "/client/?hub=chat&id=" + negotiated(server, http);
            HttpResponse<InputStream> stream = http.send(
                    client(server, events).header("Accept", "text/event-stream").build(), BodyHandlers.ofInputStream());
            assertThat(stream.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
            var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
            assertThat(http.send(handshake(server, events), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(data(lines)).isEqualTo("{}" + END);

            String polls = "/client/?hub=chat&id=" + negotiated(server, http);
            assertThat(http.send(client(server, polls).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(http.send(handshake(server, polls), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(http.send(client(server, polls).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("{}" + END);
            var poll = http.sendAsync(client(server, polls).build(), BodyHandlers.ofString());

            assertThat(http.send(broadcast(server, "[7]"), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(202);
            assertThat(data(lines)).contains("\"arguments\":[7]");
            assertThat(poll.get(20, TimeUnit.SECONDS).body()).contains("\"arguments\":[7]");

            lines.close();
            assertThat(http.send(client(server, polls).DELETE().build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(202);
            await().until(() -> server.connections("chat") == 0);
            assertThat(server.metric("tidewire_sockets{listener=\"signalr\"}")).isEqualTo(1);
        }
    }

    private static HttpRequest.Builder client(TestTidewire server, String target) {
        return HttpRequest.newBuilder(server.signalr().url().resolve(target))
                .header("Authorization", "Bearer " + server.clientToken("chat"));
    }

    private static HttpRequest handshake(TestTidewire server, String target) {
        return client(server, target)
                .header("Content-Type", "text/plain;charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString(HANDSHAKE))
                .build();
    }

    private static String negotiated(TestTidewire server, HttpClient http) throws Exception {
        String answer = http.send(
                        client(server, "/client/negotiate?hub=chat&negotiateVersion=1")
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return answer.replaceFirst(".*\"connectionToken\":\"([^\"]+)\".*", "$1");
    }

    /** The next event that is no ping and no comment. */
    private static String data(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("data: ") || line.contains("\"type\":6")) {
            line = lines.readLine();
        }
        return line.substring("data: ".length());
    }

    /** The bound on unsent bytes counts what waits in front of the encryption and behind it (bad input B24). */
    @Test
    void aSlowClientIsClosedUnderTlsAsWell() throws Exception {
        String padding = "[\"" + "x".repeat(64 * 1024) + "\"]";
        try (TestTidewire server =
                        options().set("websocket.maxUnsentBytes=262144").start();
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(TestCertificate.one().trust())
                        .build();
                RawWebSocket slow = RawWebSocket.over(TestCertificate.one().connect(server.address(), 16 * 1024))) {
            slow.upgrade("/client/?hub=chat", server.bearer("chat")).text(HANDSHAKE);
            assertThat(slow.readText()).isEqualTo("{}" + END);
            long before = directMemory();
            long most = 0;
            for (int i = 0; i < 400; i++) {
                assertThat(http.send(broadcast(server, padding), BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(202);
                most = Math.max(most, directMemory() - before);
            }
            assertThat(server.closed("SlowClient")).isEqualTo(1);
            assertThat(server.connections("chat")).isZero();
            assertThat(most).as("bytes more at the worst").isLessThan(16 * MIB);
        }
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @Test
    void aCertificateThatCannotBeUsedStopsTheStart() throws IOException {
        TestTidewire.Options options = options();
        Tidewire.checkFiles(options.settings());
        Files.delete(directory.resolve("key.pem"));
        for (ThrowingCallable start :
                List.<ThrowingCallable>of(options::start, () -> Tidewire.checkFiles(options.settings()))) {
            assertThatThrownBy(start)
                    .isInstanceOf(StartFailed.class)
                    .hasMessage("Cannot use " + directory.resolve("key.pem")
                            + " (setting signalr.tls.key): there is no such file");
        }
    }

    @Test
    void metricsTellWhenTheCertificateEnds() {
        try (TestTidewire server = options().start()) {
            assertThat(server.metric("tidewire_tls_certificate_expiry_seconds{certificate=\"signalr.tls\"}"))
                    .isEqualTo((double) TestCertificate.one().expires().getEpochSecond());
            assertThat(server.metric("tidewire_tls_certificates_refused_total{certificate=\"signalr.tls\"}"))
                    .isZero();
            try (RawHttp plain = RawHttp.connect(server.address())) {
                assertThat(plain.get("/").read().status()).isEqualTo(400);
            }
            await().until(() -> server.refused("PlainHttpOnTlsPort") == 1);
        }
    }
}
