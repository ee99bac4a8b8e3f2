package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.upstream.WebhookOutcome.Failed;
import io.tidewire.upstream.WebhookOutcome.Reason;
import io.tidewire.upstream.WebhookSettings.Addresses;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row B20 with real sockets: what is denied is not dialled, and what is dialled is what was checked. */
class GuardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "127.0.0.1.", "2130706433"})
    void thisMachineIsNotDialledByDefaultInServe(String host) {
        try (var app = Application.answering(200, "secret");
                var client = Client.with().addresses(Addresses.PRIVATE).open()) {
            Failed failed = client.failed(URI.create("http://" + host + ":" + app.port() + "/"));

            assertThat(failed.reason()).as(failed.detail()).isEqualTo(Reason.ADDRESS_DENIED);
            assertThat(app.seen).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://[fd00:ec2::254]/",
                "http://[fe80::1]/",
                "http://[::ffff:169.254.169.254]/",
                "http://[64:ff9b::a9fe:a9fe]/",
                "http://0.0.0.0:8080/",
                "http://255.255.255.255/",
                "http://224.0.0.1/",
                "file:///etc/passwd",
                "http://user@127.0.0.1/"
            })
    void neverDialled(String url) {
        try (var client = Client.any()) {
            assertThat(client.failed(URI.create(url)).reason()).isEqualTo(Reason.ADDRESS_DENIED);
        }
    }

    @Test
    void whatIsListedIsDialled() {
        try (var app = Application.answering(200, "ok");
                var client = Client.with()
                        .addresses(Addresses.PRIVATE, "127.0.0.0/8")
                        .open()) {
            assertThat(client.answered(app.url("/")).status()).isEqualTo(200);
        }
    }

    @Test
    void aNameThatPointsHereIsDenied() {
        try (var app = Application.answering(200, "secret");
                var client = Client.with()
                        .addresses(Addresses.PUBLIC)
                        .resolver(_ -> new InetAddress[] {address("127.0.0.1"), address("10.0.0.1")})
                        .open()) {
            Failed failed = client.failed(URI.create("http://rebind.example:" + app.port() + "/"));

            assertThat(failed.reason()).isEqualTo(Reason.ADDRESS_DENIED);
            assertThat(failed.detail()).contains("127.0.0.1 is this machine, which upstream.addresses=public");
            assertThat(app.seen).isEmpty();
        }
    }

    /** The name server answers well when the guard asks, and would answer badly to whoever asked again. */
    @Test
    void nobodyAsksASecondTime() {
        var questions = new AtomicInteger();
        try (var good = new RawApplication("127.0.0.2", 0, GuardTest::ok);
                var evil = new RawApplication("127.0.0.3", good.port(), GuardTest::ok);
                var client = Client.with()
                        .addresses(Addresses.LISTED, "127.0.0.2")
                        .resolver(_ -> new InetAddress[] {
                            address(questions.incrementAndGet() % 2 == 1 ? "127.0.0.2" : "127.0.0.3")
                        })
                        .open()) {
            URI url = URI.create("http://rebind.example:" + good.port() + "/");

            assertThat(client.answered(url).status()).isEqualTo(200);
            assertThat(questions).hasValue(1);
            assertThat(client.failed(url).reason()).isEqualTo(Reason.ADDRESS_DENIED);
            assertThat(client.answered(url).status()).isEqualTo(200);
            assertThat(evil.connections).hasValue(0);
        }
    }

    @Test
    void onlyTheAllowedOnesOfSeveralAddressesAreDialled() {
        try (var app = new RawApplication("127.0.0.2", 0, GuardTest::ok);
                var denied = new RawApplication("127.0.0.3", app.port(), GuardTest::ok);
                var client = Client.with()
                        .addresses(Addresses.LISTED, "127.0.0.2")
                        .resolver(_ -> new InetAddress[] {address("127.0.0.3"), address("127.0.0.2")})
                        .open()) {
            client.answered(URI.create("http://app.example:" + app.port() + "/"));

            assertThat(app.connections).hasValue(1);
            assertThat(denied.connections).hasValue(0);
        }
    }

    @Test
    void theHostHeaderKeepsTheName() {
        var host = new CompletableFuture<String>();
        try (var app = new RawApplication(wire -> {
                    host.complete(wire.request());
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                var client = Client.with()
                        .resolver(_ -> new InetAddress[] {address("127.0.0.1")})
                        .open()) {
            client.answered(URI.create("http://My_App.example:" + app.port() + "/"));

            assertThat(host.join()).contains("\r\nHost: my_app.example:" + app.port() + "\r\n");
        }
    }

    @Test
    void anIpv6AddressKeepsItsBrackets() {
        var host = new CompletableFuture<String>();
        try (var app = new RawApplication("::1", 0, wire -> {
                    host.complete(wire.request());
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                var client = Client.any()) {
            client.answered(URI.create("http://[::1]:" + app.port() + "/"));

            assertThat(host.join()).contains("\r\nHost: [::1]:" + app.port() + "\r\n");
        }
    }

    @Test
    void theNextAddressIsDialledWhereOneDoesNotConnectAndFirstTheNextTime() {
        try (var app = new RawApplication("127.0.0.2", 0, GuardTest::ok);
                var client = Client.with()
                        .resolver(_ -> new InetAddress[] {address("127.0.0.3"), address("127.0.0.2")})
                        .open()) {
            URI url = URI.create("http://app.example:" + app.port() + "/");
            client.answered(url);

            try (var late = new RawApplication("127.0.0.3", app.port(), GuardTest::ok)) {
                client.answered(url);
                assertThat(late.connections).hasValue(0);
            }
        }
    }

    @Test
    void anUnknownHost() {
        try (var client = Client.with()
                .resolver(host -> {
                    throw new UnknownHostException(host);
                })
                .open()) {
            Failed failed = client.failed(URI.create("http://nobody.example/x?code=secret"));

            assertThat(failed.reason()).isEqualTo(Reason.UNKNOWN_HOST);
            assertThat(failed.detail()).isEqualTo("http://nobody.example/x: no address is known for nobody.example");
        }
    }

    /** Row F8: a name server that does not answer for one host holds up nobody else. */
    @Test
    void aNameThatIsNeverResolvedHoldsUpNobodyElse() throws Exception {
        var end = new CountDownLatch(1);
        try (var app = Application.answering(200, "ok");
                var client = Client.with()
                        .timeout(Duration.ofSeconds(2))
                        .limits(50, 1 << 20)
                        .resolver(host -> {
                            if (host.equals("slow.example")) {
                                awaitQuietly(end);
                            }
                            return new InetAddress[] {address("127.0.0.1")};
                        })
                        .open()) {
            for (int i = 0; i < 40; i++) {
                var _ = client.send(URI.create("http://slow.example/"));
            }

            assertThat(client.answered(URI.create("http://app.example:" + app.port() + "/"))
                            .status())
                    .isEqualTo(200);
            assertThat(client.failed(URI.create("http://slow.example/")).reason())
                    .isEqualTo(Reason.TIMED_OUT);
        } finally {
            end.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ok(RawApplication.Wire wire) throws java.io.IOException {
        wire.request();
        wire.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
