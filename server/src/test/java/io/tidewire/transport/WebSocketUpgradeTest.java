package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.Budget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake, RFC 6455, 4.2. */
class WebSocketUpgradeTest {
    private final RecordingSession session = new RecordingSession();
    private WebSocketFixture server;

    @BeforeEach
    void start() {
        WebSocketUpgrade upgrade = new WebSocketUpgrade(WebSocketSettings.DEFAULT, new Budget(1 << 20));
        server = new WebSocketFixture(WebSocketFixture.Sockets.EPOLL, exchange -> {
            List<String> offered = WebSocketUpgrade.subprotocols(exchange);
            upgrade.accept(exchange, offered.isEmpty() ? null : offered.getLast(), session);
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersWithTheHashOfTheKey() {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            RawWebSocket.Reply reply = client.request("GET /x HTTP/1.1", RawWebSocket.goodHeaders());

            assertThat(reply.status()).isEqualTo(101);
            assertThat(reply.header("Upgrade")).isEqualTo("websocket");
            assertThat(reply.header("Connection")).isEqualTo("Upgrade");
            assertThat(reply.header("Sec-WebSocket-Accept")).isEqualTo(RawWebSocket.ACCEPT);
            assertThat(reply.headers()).noneMatch(line -> line.startsWith("Sec-WebSocket-Protocol"));
            session.awaitEvents("open");
        }
    }

    @Test
    void offersNoExtension() {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            RawWebSocket.Reply reply = client.request(
                    "GET /x HTTP/1.1", RawWebSocket.goodHeaders("Sec-WebSocket-Extensions: permessage-deflate"));

            assertThat(reply.status()).isEqualTo(101);
            assertThat(reply.header("Sec-WebSocket-Extensions")).isEmpty();
        }
    }

    @Test
    void subprotocolsMayComeInOneHeaderOrSeveral() {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            RawWebSocket.Reply reply = client.request(
                    "GET /x HTTP/1.1",
                    RawWebSocket.goodHeaders("Sec-WebSocket-Protocol: a, b", "sec-websocket-protocol:c ,,"));

            assertThat(reply.header("Sec-WebSocket-Protocol")).isEqualTo("c");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Connection: Upgrade | Connection: keep-alive, uPgRaDe",
                "Upgrade: websocket | Upgrade: WebSocket",
                "Upgrade: websocket | Upgrade: h2c, websocket",
            })
    void tokensAreListsWithoutCase(String line, String instead) {
        assertThat(request("GET", line, instead).status()).isEqualTo(101);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Connection: Upgrade           | Connection: keep-alive                          | 400 | Connection",
                "Connection: Upgrade           |                                                 | 400 | Connection",
                "Upgrade: websocket            | Upgrade: h2c                                    | 400 | Upgrade",
                "Upgrade: websocket            |                                                 | 400 | Upgrade",
                "Sec-WebSocket-Version: 13     | Sec-WebSocket-Version: 8                        | 426 | 13",
                "Sec-WebSocket-Version: 13     |                                                 | 426 | 13",
                "Sec-WebSocket-Key: " + RawWebSocket.KEY
                        + " |                                   | 400 | Sec-WebSocket-Key",
                "Sec-WebSocket-Key: " + RawWebSocket.KEY
                        + " | Sec-WebSocket-Key: c2hvcnQ=       | 400 | Sec-WebSocket-Key",
                "Sec-WebSocket-Key: " + RawWebSocket.KEY
                        + " | Sec-WebSocket-Key: ************************ | 400 | Sec-WebSocket-Key",
                "Sec-WebSocket-Key: " + RawWebSocket.KEY
                        + " | Sec-WebSocket-Key: dGhlIHNhbXBsZSB-b25jZQ== | 400 | Sec-WebSocket-Key",
                "Sec-WebSocket-Key: " + RawWebSocket.KEY
                        + " | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZXh4 | 400 | Sec-WebSocket-Key",
            })
    void namesTheHeaderThatIsWrong(String line, @Nullable String instead, int status, String named) {
        RawWebSocket.Reply reply = request("GET", line, instead);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains(named);
        assertThat(session.events()).isEmpty();
    }

    @Test
    void anotherVersionIsToldTheRightOne() {
        RawWebSocket.Reply reply = request("GET", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8");

        assertThat(reply.header("Sec-WebSocket-Version")).isEqualTo("13");
        assertThat(reply.header("Upgrade")).isEqualTo("websocket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "OPTIONS"})
    void onlyGet(String method) {
        RawWebSocket.Reply reply = request(method, "", null);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("GET");
    }

    @Test
    void aRepeatedKeyIsRefused() {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            List<String> headers = RawWebSocket.goodHeaders("Sec-WebSocket-Key: " + RawWebSocket.KEY);

            assertThat(client.request("GET /x HTTP/1.1", headers).status()).isEqualTo(400);
        }
    }

    @Test
    void aFrameThatFollowsTheHandshakeAtOnceIsNotLost() {
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            String request = "GET /x HTTP/1.1\r\n" + String.join("\r\n", RawWebSocket.goodHeaders()) + "\r\n\r\n";
            byte[] head = request.getBytes(StandardCharsets.US_ASCII);
            byte[] frame = RawWebSocket.encode(
                    RawWebSocket.FIN | RawWebSocket.TEXT, true, "early".getBytes(StandardCharsets.US_ASCII));
            byte[] both = new byte[head.length + frame.length];
            System.arraycopy(head, 0, both, 0, head.length);
            System.arraycopy(frame, 0, both, head.length, frame.length);

            assertThat(client.raw(both).reply().status()).isEqualTo(101);

            session.awaitEvents("open", "text early");
        }
    }

    private RawWebSocket.Reply request(String method, String line, @Nullable String instead) {
        List<String> headers = new ArrayList<>(RawWebSocket.goodHeaders());
        headers.remove(line);
        if (instead != null) {
            headers.add(instead);
        }
        try (RawWebSocket client = RawWebSocket.open(server.port())) {
            return client.request(method + " /x HTTP/1.1", headers);
        }
    }
}
