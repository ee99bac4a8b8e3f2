package io.tidewire.http;

import static io.tidewire.http.TestServer.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewire.http.tls.CertificateObserver;
import io.tidewire.http.tls.TestCertificate;
import io.tidewire.http.tls.Tls;
import io.tidewire.http.tls.TlsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS in front of HTTP: handshakes that fail in each way, and certificates that are renewed (fault F15). */
class TlsListenerTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Route OK = TestServer.get("/ok", exchange -> exchange.respond(Response.text(200, "ok")));

    @TempDir
    Path directory;

    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicReference<Instant> expires = new AtomicReference<>();
    private Tls tls;

    @BeforeEach
    void certificate() {
        use(TestCertificate.one());
    }

    private void use(TestCertificate certificate) {
        tls = new Tls(
                "test.tls",
                certificate.writeTo(directory),
                new CertificateObserver() {
                    @Override
                    public void taken(Instant end) {
                        expires.set(end);
                    }

                    @Override
                    public void refused() {
                        refused.incrementAndGet();
                    }
                },
                InstantSource.system());
    }

    private TestServer server(Route... routes) {
        return new TestServer(tls, settings(1024 * 1024), routes);
    }

    @AfterEach
    void close() {
        tls.close();
    }

    private static RawHttp connect(TestServer server, String... protocols) {
        return RawHttp.over(TestCertificate.one().connect(server.address(), protocols));
    }

    @Test
    void requestsOfOneConnection() {
        try (TestServer server = server(OK, TestServer.echo());
                RawHttp http = connect(server)) {
            assertThat(http.get("/ok").read().text()).isEqualTo("ok");
            String large = "x".repeat(500_000);
            assertThat(http.body("POST", "/echo", large).read().text()).isEqualTo(large);
            http.get("/ok").get("/ok");
            assertThat(http.read().text()).isEqualTo("ok");
            assertThat(http.read().text()).isEqualTo("ok");
            assertThat(((SSLSocket) http.socket()).getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(server.listener.scheme()).isEqualTo("https");
        }
    }

    @Test
    void tls12IsSpokenAndNothingOlder() {
        try (TestServer server = server(OK);
                RawHttp http = connect(server, "TLSv1.2")) {
            assertThat(http.get("/ok").read().status()).isEqualTo(200);
            assertThatThrownBy(() -> connect(server, "TLSv1.1"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(SSLHandshakeException.class);
        }
    }

    /** A refused request is answered and the connection ends, told in TLS as well, so that the answer is not taken for cut off. */
    @Test
    void anAnswerThatEndsItsConnection() {
        try (TestServer server = new TestServer(tls, settings(10), TestServer.echo());
                RawHttp http = connect(server)) {
            http.body("POST", "/echo", "more than ten bytes");
            assertThat(http.read().status()).isEqualTo(413);
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void plainHttpIsToldSo() {
        try (TestServer server = server(OK);
                RawHttp http = server.connect()) {
            var answer = http.get("/ok?access_token=secret").read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).isEqualTo("This port speaks HTTPS, and the request was plain HTTP.");
            assertThat(http.ended()).isTrue();
            assertThat(server.recorder.refusals()).containsExactly("PlainHttpOnTlsPort");
        }
    }

    @Test
    void tlsOnAPlainPortIsRefusedByName() {
        try (TestServer server = new TestServer(OK)) {
            assertThatThrownBy(() -> TestCertificate.one().connect(server.address()))
                    .isInstanceOf(UncheckedIOException.class);
            await().until(() -> server.recorder.refusals().contains("TlsOnPlainPort"));
        }
    }

    @Test
    void aClientThatDoesNotTrustTheCertificate() {
        try (TestServer server = server(OK)) {
            assertThatThrownBy(() -> TestCertificate.rsa().connect(server.address()))
                    .isInstanceOf(UncheckedIOException.class);
            await().until(() -> server.recorder.refusals().contains("TlsHandshakeFailed"));
            try (RawHttp http = connect(server)) {
                assertThat(http.get("/ok").read().status()).isEqualTo(200);
            }
        }
    }

    /** Bad input B23: neither silence nor a hello that never ends keeps a socket. */
    @Test
    void aHandshakeThatStallsIsCut() throws IOException {
        var hasty = new HttpSettings(
                1024, 2048, 512, 1024, LONG, LONG, 1000, 0, 0, Duration.ofMillis(200), ProxySettings.NONE);
        try (TestServer server = new TestServer(tls, hasty, OK);
                RawHttp silent = server.connect();
                RawHttp half = server.connect()) {
            half.send(new byte[] {22, 3, 1, 2, 0, 1, 0});
            // Sooner than by a default of the library.
            await().atMost(Duration.ofSeconds(5))
                    .until(() ->
                            server.recorder.refusals().equals(List.of("TlsHandshakeTimeout", "TlsHandshakeTimeout")));
            assertThat(silent.ended()).isTrue();
            assertThat(half.ended()).isTrue();
            await().until(() -> server.listener.connections() == 0);
        }
    }

    @Test
    void aClientOfHttp1IsToldThatItIsSpoken() throws IOException {
        try (TestServer server = server(OK);
                SSLSocket socket = TestCertificate.one().offering(server.address(), "http/1.1", "http/0.9");
                RawHttp http = RawHttp.over(socket)) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(http.get("/ok").read().status()).isEqualTo(200);
        }
    }

    /** One that the JDK and Netty would still speak by themselves. */
    @Test
    void aCipherWithoutAuthenticationOfWhatItHidesIsNotSpoken() throws IOException {
        tls.close();
        use(TestCertificate.rsa());
        try (TestServer server = server(OK);
                Socket plain = new Socket(
                        server.address().getAddress(), server.address().getPort());
                SSLSocket secured = (SSLSocket)
                        TestCertificate.rsa().trust().getSocketFactory().createSocket(plain, "localhost", 1, false)) {
            secured.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
            assertThatThrownBy(secured::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void aPeerThatBreaksTheRulesLaterIsCutWithoutAFuss() throws IOException {
        try (TestServer server = server(OK);
                Socket plain = new Socket(
                        server.address().getAddress(), server.address().getPort());
                SSLSocket secured = (SSLSocket)
                        TestCertificate.one().trust().getSocketFactory().createSocket(plain, "localhost", 1, false)) {
            secured.startHandshake();
            plain.getOutputStream().write(new byte[] {
                23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
            });
            await().until(() -> server.recorder.closed.get() == 1);
        }
    }

    @Test
    void aStopDoesNotWaitForAHandshake() {
        TestServer server = server(OK);
        try (RawHttp silent = server.connect()) {
            await().until(() -> server.listener.connections() == 1);
            server.listener.close(LONG);
            server.listener.cut(LONG);
            assertThat(silent.ended()).isTrue();
        }
        server.close();
    }

    @Test
    void aRenewedCertificateIsTakenUpAndConnectionsStay() {
        try (TestServer server = server(OK);
                RawHttp before = connect(server)) {
            tls.watch(Duration.ofMillis(20));
            assertThat(before.get("/ok").read().status()).isEqualTo(200);

            TestCertificate next = TestCertificate.named("next");
            next.writeTo(directory);

            await().ignoreExceptions().until(() -> {
                try (SSLSocket socket = next.connect(server.address())) {
                    return socket.isConnected();
                }
            });
            assertThat(before.get("/ok").read().status()).isEqualTo(200);
            assertThat(expires.get()).isEqualTo(next.expires());
        }
    }

    /** One file after the other, the second one in two pieces: whatever is there in between, handshakes find a whole pair. */
    @Test
    void halfAPairChangesNothing() {
        try (TestServer server = server(OK)) {
            TlsSettings files = TestCertificate.one().writeTo(directory);
            tls.watch(Duration.ofMillis(20));
            TestCertificate next = TestCertificate.named("next");

            TestCertificate.write(files.certificate(), next.certificatePem());
            await().until(() -> refused.get() > 0);
            try (RawHttp http = connect(server)) {
                assertThat(http.get("/ok").read().status()).isEqualTo(200);
            }
            int complaints = refused.get();
            TestCertificate.write(files.key(), next.keyPem().substring(0, 50));
            await().until(() -> refused.get() > complaints);
            try (RawHttp http = connect(server)) {
                assertThat(http.get("/ok").read().status()).isEqualTo(200);
            }
            TestCertificate.write(files.key(), next.keyPem());
            await().ignoreExceptions().until(() -> {
                try (SSLSocket socket = next.connect(server.address())) {
                    return socket.isConnected();
                }
            });
        }
    }

    @Test
    void anExpiredCertificateIsStillServed() {
        tls.close();
        use(TestCertificate.expired());
        try (TestServer server = new TestServer(tls, settings(10), OK)) {
            assertThat(expires.get()).isBefore(Instant.now());
            // This client trusts the certificate itself, and then does not look at its dates.
            try (RawHttp http = RawHttp.over(TestCertificate.expired().connect(server.address()))) {
                assertThat(http.get("/ok").read().status()).isEqualTo(200);
            }
        }
    }

    /** A handshake's arithmetic is done elsewhere: an event loop owes its time to the connections that it has. */
    @Test
    void handshakesDoNotRunOnTheEventLoop() {
        try (TestServer server = server(OK);
                RawHttp http = connect(server)) {
            assertThat(http.get("/ok").read().status()).isEqualTo(200);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .anyMatch(name -> name.startsWith("tidewire-tls-"));
        }
    }
}
