package io.tidewire.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidewire.auth.TokenSettings;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where the server listens, and by which names it lets itself be called. */
class ListenTest {
    private static final InetAddress SIX = InetAddress.ofLiteral("::1");
    private static final InetAddress FOUR = InetAddress.ofLiteral("127.0.0.1");

    private static void assumeIpv6() {
        boolean there;
        try (ServerSocket socket = new ServerSocket(0, 1, SIX)) {
            there = socket.isBound();
        } catch (IOException none) {
            there = false;
        }
        assumeThat(there).as("this machine has IPv6").isTrue();
    }

    private static int health(InetAddress host, int port) {
        return RawHttp.once(
                        new InetSocketAddress(host, port),
                        "GET /api/v1/health HTTP/1.1\r\nHost: [::1]:" + port + "\r\nConnection: close\r\n\r\n")
                .status();
    }

    @Test
    void ipv6Alone() throws IOException {
        assumeIpv6();
        try (TestTidewire server =
                        TestTidewire.with().set("signalr.listen=[::1]:0").start();
                RawWebSocket client = RawWebSocket.over(new Socket(SIX, server.port()))) {
            assertThat(server.signalr().url()).hasHost("[::1]").hasPort(server.port());
            assertThat(health(SIX, server.port())).isEqualTo(200);
            client.upgrade("/client/?hub=chat", server.bearer("chat"));
        }
    }

    @Test
    void everyAddressOfBothFamilies() {
        assumeIpv6();
        try (TestTidewire server =
                TestTidewire.with().set("signalr.listen=[::]:0").start()) {
            assertThat(server.signalr().listens())
                    .isEqualTo("port " + server.port() + " of every address of this machine");
            assertThat(health(SIX, server.port())).isEqualTo(200);
            assertThat(health(FOUR, server.port())).isEqualTo(200);
        }
    }

    private static int call(TestTidewire server, String audience, String... headers) {
        try (RawHttp http = RawHttp.connect(server.address())) {
            String[] all = Arrays.copyOf(headers, headers.length + 2);
            all[headers.length] = "Authorization: Bearer " + server.tokenFor(audience);
            all[headers.length + 1] = "Content-Type: application/json";
            return http.body("POST", "/api/v1/hubs/chat", "{\"target\":\"t\",\"arguments\":[]}", all)
                    .read()
                    .status();
        }
    }

    private static int negotiate(TestTidewire server, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "Authorization: Bearer " + server.tokenFor("https://rt.example.com/client/?hub=chat");
        try (RawHttp http = RawHttp.connect(server.address())) {
            return http.body("POST", "/client/negotiate?negotiateVersion=1&hub=chat", "", all)
                    .read()
                    .status();
        }
    }

    /** Reference B.2: the audience may name the host that a trusted proxy was called by, whichever scheme and port that had. */
    @Test
    void audiencesNameTheHostThatATrustedProxyWasCalledBy() {
        String audience = "https://rt.example.com/api/v1/hubs/chat";
        String forwarded = "X-Forwarded-Host: rt.example.com:8443";
        try (TestTidewire server = TestTidewire.with()
                .audience(TokenSettings.Audience.STRICT)
                .set("http.trustedProxies=loopback")
                .start()) {
            assertThat(call(server, audience, forwarded)).isEqualTo(202);
            assertThat(call(server, audience)).isEqualTo(401);
            assertThat(call(server, "http://localhost/api/v1/hubs/chat", forwarded))
                    .isEqualTo(202);
            assertThat(negotiate(server, forwarded)).isEqualTo(200);
            assertThat(negotiate(server)).isEqualTo(401);
        }
        try (TestTidewire server =
                TestTidewire.with().audience(TokenSettings.Audience.STRICT).start()) {
            assertThat(call(server, audience, forwarded)).isEqualTo(401);
            assertThat(negotiate(server, forwarded)).isEqualTo(401);
        }
    }
}
