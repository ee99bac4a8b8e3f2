package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tidewire.upstream.WebhookOutcome.Failed;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncResponseBuilder;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ListenerEndpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over TLS: the name is checked although an address is dialled, and HTTP/2 is spoken where it is offered. */
class TlsTest {
    private static final String HOST = "app.example";
    private static final int MIB = 1 << 20;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        certificates = Certificates.of(HOST, directory);
    }

    @Test
    void theCertificateMustBeForTheNameOfTheUrl() throws Exception {
        try (var app = new Https(certificates.server());
                var client = trusting(certificates.client())) {
            assertThat(client.answered(app.url(HOST)).status()).isEqualTo(200);

            Failed failed = client.failed(app.url("other.example"));
            assertThat(failed.reason()).isEqualTo(Reason.TLS_FAILED);
            assertThat(failed.detail())
                    .startsWith("https://other.example:" + app.port() + "/hook: no TLS with 127.0.0.1: ")
                    .contains("other.example")
                    .doesNotContain("secret", "\n");
            assertThat(client.failed(app.url("127.0.0.1")).reason()).isEqualTo(Reason.TLS_FAILED);
        }
    }

    @Test
    void theCertificateMustBeTrusted() throws Exception {
        try (var app = new Https(certificates.server());
                var client = trusting(SSLContext.getDefault())) {
            Failed failed = client.failed(app.url(HOST));

            assertThat(failed.reason()).isEqualTo(Reason.TLS_FAILED);
            assertThat(failed.detail()).contains("no TLS with 127.0.0.1: ");
        }
    }

    @Test
    void aServerThatSpeaksNoTls() throws Exception {
        try (var app = new RawApplication(wire -> {
                    wire.write("HTTP/1.1 400 Bad Request\r\n\r\n");
                    wire.awaitEnd();
                });
                var client = trusting(certificates.client())) {
            assertThat(client.failed(URI.create("https://" + HOST + ":" + app.port() + "/"))
                            .reason())
                    .isEqualTo(Reason.TLS_FAILED);
        }
    }

    @Test
    void aHandshakeWithoutAnswerIsCut() throws Exception {
        try (var app = new RawApplication(RawApplication.Wire::awaitEnd);
                var client = Client.with()
                        .tls(certificates.client())
                        .connectTimeout(Duration.ofMillis(300))
                        .resolver(_ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")})
                        .open()) {
            Failed failed = client.failed(URI.create("https://" + HOST + ":" + app.port() + "/"));

            assertThat(failed.reason()).as(failed.detail()).isIn(Reason.CONNECT_FAILED, Reason.TLS_FAILED);
            assertThat(failed.detail()).contains("300ms (upstream.connectTimeout)");
            await().atMost(Duration.ofSeconds(10)).until(() -> app.ended.get() == 1);
        }
    }

    @Test
    void http2WhereItIsOffered() throws Exception {
        try (var app = new Http2(HttpVersionPolicy.NEGOTIATE, "hello");
                var client = trusting(certificates.client())) {
            for (int i = 0; i < 3; i++) {
                assertThat(Client.text(client.answered(app.url()))).isEqualTo("hello");
            }

            assertThat(app.seen)
                    .containsOnly(
                            "HTTP/2.0 POST " + HOST + ":" + app.port() + " /hook?code=secret application/json {}");
        }
    }

    @Test
    void http1WhereHttp2IsNotOffered() throws Exception {
        try (var app = new Http2(HttpVersionPolicy.FORCE_HTTP_1, "hello");
                var client = trusting(certificates.client())) {
            assertThat(Client.text(client.answered(app.url()))).isEqualTo("hello");
            assertThat(app.seen.getFirst()).startsWith("HTTP/1.1 ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16 * MIB, 16 * MIB + 1})
    void theLimitOfAnAnswerHoldsOnHttp2(int length) throws Exception {
        try (var app = new Http2(HttpVersionPolicy.NEGOTIATE, "x".repeat(length));
                var client = Client.with()
                        .tls(certificates.client())
                        .maxResponseBytes(16 * MIB)
                        .resolver(_ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")})
                        .open()) {
            WebhookOutcome outcome = client.call(app.url());

            if (length > 16 * MIB) {
                assertThat(Client.failed(outcome).reason()).isEqualTo(Reason.RESPONSE_TOO_LARGE);
            } else {
                assertThat(Client.answered(outcome).body()).hasSize(length);
            }
        }
    }

    @Test
    void manyCallsOnHttp2() throws Exception {
        try (var app = new Http2(HttpVersionPolicy.NEGOTIATE, "hello");
                var client = trusting(certificates.client())) {
            var calls = new ArrayList<CompletableFuture<WebhookOutcome>>();
            for (int i = 0; i < 300; i++) {
                calls.add(client.send(app.url()));
            }
            calls.forEach(call ->
                    assertThat(Client.answered(Client.await(call)).status()).isEqualTo(200));
        }
    }

    private static Client trusting(SSLContext tls) {
        return Client.with()
                .tls(tls)
                .resolver(_ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")})
                .open();
    }

    /** HTTP/1.1 over TLS, by the JDK. */
    private static final class Https implements AutoCloseable {
        private final HttpsServer server;

        Https(SSLContext tls) throws IOException {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            server.createContext("/", exchange -> {
                try (exchange) {
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, -1);
                }
            });
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        URI url(String host) {
            return URI.create("https://" + host + ":" + port() + "/hook?code=secret");
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /** HTTP/2 over TLS, by the other half of the library that the client is made with. */
    private static final class Http2 implements AutoCloseable {
        private final HttpAsyncServer server;
        private final int port;
        final List<String> seen = new CopyOnWriteArrayList<>();

        Http2(HttpVersionPolicy policy, String answer) throws Exception {
            server = H2ServerBootstrap.bootstrap()
                    .setVersionPolicy(policy)
                    .setTlsStrategy(new H2ServerTlsStrategy(certificates.server()))
                    .setCanonicalHostName(HOST)
                    .register("*", handler(answer))
                    .create();
            server.start();
            Future<ListenerEndpoint> listening =
                    server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), URIScheme.HTTPS);
            port = ((InetSocketAddress) listening.get().getAddress()).getPort();
        }

        private AsyncServerRequestHandler<Message<HttpRequest, String>> handler(String answer) {
            return new AsyncServerRequestHandler<>() {
                @Override
                public AsyncRequestConsumer<Message<HttpRequest, String>> prepare(
                        HttpRequest request, EntityDetails entity, HttpContext context) {
                    return new BasicRequestConsumer<>(entity == null ? null : new StringAsyncEntityConsumer());
                }

                @Override
                public void handle(Message<HttpRequest, String> message, ResponseTrigger trigger, HttpContext context)
                        throws org.apache.hc.core5.http.HttpException, IOException {
                    HttpRequest request = message.getHead();
                    seen.add("%s %s %s %s %s %s"
                            .formatted(
                                    context.getProtocolVersion(),
                                    request.getMethod(),
                                    request.getAuthority(),
                                    request.getPath(),
                                    request.getFirstHeader("content-type").getValue(),
                                    message.getBody()));
                    trigger.submitResponse(
                            AsyncResponseBuilder.create(200)
                                    .setEntity(AsyncEntityProducers.create(answer, ContentType.TEXT_PLAIN))
                                    .build(),
                            context);
                }
            };
        }

        int port() {
            return port;
        }

        URI url() {
            return URI.create("https://" + HOST + ":" + port + "/hook?code=secret");
        }

        @Override
        public void close() {
            server.close(CloseMode.IMMEDIATE);
        }
    }
}
