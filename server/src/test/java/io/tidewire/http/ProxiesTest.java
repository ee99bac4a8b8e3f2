package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the things that a request says about its way are believed. This caller sits on 127.0.0.1. */
class ProxiesTest {
    private static final Route WAY = TestServer.get(
            "/way",
            exchange -> exchange.respond(Response.text(
                    200,
                    exchange.baseUrl() + " " + exchange.remoteAddress().getHostAddress() + " " + exchange.hosts())));

    private final TestServer open = server();
    private final TestServer trusting = server("loopback", "10.0.0.0/8", "2001:db8::/32");

    private static TestServer server(String... trusted) {
        return new TestServer(
                new HttpSettings(
                        4096,
                        4096,
                        512,
                        1024,
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(2),
                        1000,
                        0,
                        0,
                        Duration.ofSeconds(10),
                        new ProxySettings(List.of(trusted))),
                WAY);
    }

    @AfterEach
    void close() {
        open.close();
        trusting.close();
    }

    private static String way(TestServer server, String... headers) {
        try (RawHttp http = server.connect()) {
            var answer = http.get("/way", headers).read();
            assertThat(answer.status()).isEqualTo(200);
            return answer.text();
        }
    }

    @Test
    void nobodyIsBelievedByDefault() {
        assertThat(way(
                        open,
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: evil.example",
                        "X-Forwarded-For: 1.2.3.4",
                        "Forwarded: for=1.2.3.4;proto=https;host=evil.example"))
                .isEqualTo("http://localhost 127.0.0.1 [localhost]");
    }

    @Test
    void aTrustedProxyIsBelieved() {
        assertThat(way(
                        trusting,
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: rt.example.com:8443",
                        "X-Forwarded-For: 1.2.3.4"))
                .isEqualTo("https://rt.example.com:8443 1.2.3.4 [localhost, rt.example.com:8443]");
        assertThat(way(trusting, "Forwarded: for=\"[2001:db9::1]:4711\";Proto=HTTPS;host=\"rt.example.com\""))
                .isEqualTo("https://rt.example.com 2001:db9:0:0:0:0:0:1 [localhost, rt.example.com]");
        assertThat(way(trusting)).isEqualTo("http://localhost 127.0.0.1 [localhost]");
    }

    /** What the caller itself wrote stands before what the proxies added, and is nobody's word. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    6.6.6.6, 1.2.3.4                   | 1.2.3.4
                    6.6.6.6, 1.2.3.4, 10.1.1.1         | 1.2.3.4
                    1.2.3.4, 2001:db8::7, 10.1.1.1     | 1.2.3.4
                    10.1.1.1                           | 10.1.1.1
                    6.6.6.6, unknown                   | 127.0.0.1
                    6.6.6.6, _hidden, 10.1.1.1         | 10.1.1.1
                    6.6.6.6, 1.2.3.4:999               | 1.2.3.4
                    localhost                          | 127.0.0.1
                    ::ffff:1.2.3.4                     | 1.2.3.4
                    , ,                                | 127.0.0.1
                    """)
    void theCallerIsTheLastOneThatNoTrustedProxyIs(String forwardedFor, String address) {
        assertThat(way(trusting, "X-Forwarded-For: " + forwardedFor)).contains(" " + address + " ");
    }

    @Test
    void linesOfOneHeaderAreOneList() {
        assertThat(way(trusting, "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 10.1.1.1"))
                .contains(" 1.2.3.4 ");
    }

    @Test
    void moreHopsThanThereCanBeTellNothing() {
        assertThat(way(trusting, "X-Forwarded-For: " + "6.6.6.6, ".repeat(63) + "1.2.3.4"))
                .contains(" 1.2.3.4 ");
        assertThat(way(trusting, "X-Forwarded-For: " + "6.6.6.6, ".repeat(64) + "1.2.3.4"))
                .contains(" 127.0.0.1 ");
    }

    @Test
    void schemeAndHostAreThoseOfTheSameHop() {
        assertThat(way(
                        trusting,
                        "X-Forwarded-For: 1.2.3.4, 10.1.1.1",
                        "X-Forwarded-Proto: ftp, https, http",
                        "X-Forwarded-Host: evil.example, rt.example.com, inner"))
                .startsWith("https://rt.example.com 1.2.3.4");
        assertThat(way(trusting, "X-Forwarded-For: 6.6.6.6, 1.2.3.4", "X-Forwarded-Host: evil.example, rt.example.com"))
                .startsWith("http://rt.example.com 1.2.3.4");
        assertThat(way(
                        trusting,
                        "Forwarded: for=6.6.6.6;host=evil.example, for=1.2.3.4;host=rt.example.com;proto=https",
                        "Forwarded: for=10.1.1.1;host=inner;proto=http"))
                .startsWith("https://rt.example.com 1.2.3.4");
    }

    /** A proxy that writes the one kind passes on what a caller wrote of the other. */
    @Test
    void theStandardHeaderCountsOnlyWithoutTheOthers() {
        assertThat(way(trusting, "X-Forwarded-For: 1.2.3.4", "Forwarded: for=6.6.6.6;host=evil.example"))
                .isEqualTo("http://localhost 1.2.3.4 [localhost]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "evil.example/path",
                "a@evil.example",
                "evil.example?x",
                "evil.example#x",
                "a b",
                "evil.example:port",
                "evil.example:123456",
                "[::1",
                "[evil]",
                "[::1]x",
                "<script>",
                "\\evil",
                ":80"
            })
    void aHostThatWouldChangeALinkIsNotTaken(String host) {
        assertThat(way(trusting, "X-Forwarded-Host: " + host)).startsWith("http://localhost ");
        assertThat(RawHttp.once(open.address(), "GET /way HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void hostsOfEveryKind() {
        for (String host : List.of("rt.example.com", "a_b.local:1", "127.0.0.1:8888", "[::1]", "[2001:db8::1]:65535")) {
            assertThat(way(trusting, "X-Forwarded-Host: " + host)).startsWith("http://" + host + " ");
            assertThat(RawHttp.once(
                                    open.address(),
                                    "GET /way HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .text())
                    .startsWith("http://" + host + " ");
        }
    }

    @Test
    void withoutAHostTheAddressOfTheListenerIsTaken() {
        int port = open.address().getPort();
        assertThat(RawHttp.once(open.address(), "GET /way HTTP/1.0\r\n\r\n").text())
                .startsWith("http://127.0.0.1:" + port + " ");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.168.1.128/25, 192.168.1.129, true",
        "192.168.1.128/25, 192.168.1.127, false",
        "1.2.3.4, 1.2.3.4, true",
        "1.2.3.4, 1.2.3.5, false",
        "0.0.0.0/0, 1.2.3.4, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false"
    })
    void ranges(String range, String address, boolean contained) {
        assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }
}
