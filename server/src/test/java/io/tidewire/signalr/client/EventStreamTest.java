package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.END;
import static io.tidewire.signalr.client.HubClient.MESSAGE_PACK;
import static io.tidewire.signalr.client.HubClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawEventStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Server-sent events on the wire (reference D.2). */
class EventStreamTest {
    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void headersAndOpeningCommentComeAtOnceAndPastBuffers() {
        try (var client = PostingClient.streaming(server, "chat")) {
            RawHttp.Answer head = client.stream.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(head.header("Cache-Control")).isEqualTo("no-cache,no-store");
            assertThat(head.header("Pragma")).isEqualTo("no-cache");
            assertThat(head.header("Content-Encoding")).isEqualTo("identity");
            assertThat(head.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(head.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(head.header("Content-Length")).isNull();

            assertThat(client.stream.line()).isEqualTo(":");
            assertThat(client.stream.line()).matches(": {2048}");
        }
    }

    @Test
    void handshakeAndMessagesTravelBothWays() {
        try (var client = PostingClient.streaming(server, "chat").shakeHands();
                var rest = server.rest()) {
            rest.send("chat", "", "news", "[1]");
            assertThat(client.next()).isEqualTo(call("news", "[1]"));
            rest.send("chat", "/connections/" + client.connectionId, "yours", "[2]");
            assertThat(client.next()).isEqualTo(call("yours", "[2]"));

            client.send(
                    "{\"type\":1,\"invocationId\":\"1\",\"target\":\"t\",\"arguments\":[]}",
                    "{\"type\":1,\"invocationId\":\"2\",\"target\":\"t\",\"arguments\":[]}");
            assertThat(client.next()).contains("\"invocationId\":\"1\"");
            assertThat(client.next()).contains("\"invocationId\":\"2\"");
        }
    }

    @Test
    void partsOfAMessageAreJoined() {
        try (var client = PostingClient.streaming(server, "chat").shakeHands()) {
            String message = "{\"type\":1,\"invocationId\":\"7\",\"target\":\"t\",\"arguments\":[]}" + END;
            assertThat(client.post(message.substring(0, 20)).status()).isEqualTo(200);
            assertThat(client.post("").status()).isEqualTo(200);
            assertThat(client.post(message.substring(20)).status()).isEqualTo(200);
            assertThat(client.next()).contains("\"invocationId\":\"7\"");
        }
    }

    @Test
    void lineBreaksOfAPayloadBecomeLinesOfData() {
        try (var client = PostingClient.streaming(server, "lines")) {
            client.shakeHands();
            try (var rest = server.rest()) {
                rest.send("lines", "", "t", "[1,\r\n2,\n3,\r4]");
            }
            assertThat(List.of(
                            String.valueOf(client.stream.line()),
                            String.valueOf(client.stream.line()),
                            String.valueOf(client.stream.line()),
                            String.valueOf(client.stream.line()),
                            String.valueOf(client.stream.line())))
                    .containsExactly(
                            "data: {\"type\":1,\"target\":\"t\",\"arguments\":[1,",
                            "data: 2,",
                            "data: 3,",
                            "data: 4]}" + END,
                            "");
        }
    }

    @Test
    void binaryProtocolIsRefusedInTheHandshake() {
        try (var client = PostingClient.streaming(server, "chat")) {
            assertThat(client.post(MESSAGE_PACK).status()).isEqualTo(200);
            assertThat(client.next())
                    .isEqualTo(
                            "{\"error\":\"The protocol 'messagepack' is binary, and ServerSentEvents carries text only.\"}");
            client.expectEnd();
        }
    }

    @Test
    void oneStreamForEachClientAndNoOtherTransport() {
        try (var client = PostingClient.streaming(server, "chat").shakeHands()) {
            RawHttp.Answer second = RawHttp.once(
                    server.address(),
                    "GET " + client.target + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                            + client.authorization + "\r\n\r\n");
            assertThat(second.status()).isEqualTo(409);

            try (RawHttp http = RawHttp.connect(server.address())) {
                RawHttp.Answer poll =
                        http.get(client.target, client.authorization).read();
                assertThat(poll.status()).isEqualTo(400);
                assertThat(poll.text()).isEqualTo("Cannot change transports mid-connection");
                RawHttp.Answer delete = http.request("DELETE", client.target, client.authorization)
                        .read();
                assertThat(delete.status()).isEqualTo(400);
                assertThat(delete.text()).isEqualTo("Cannot terminate this connection using the DELETE endpoint.");
            }
            client.send("{\"type\":1,\"invocationId\":\"1\",\"target\":\"t\",\"arguments\":[]}");
            assertThat(client.next()).as("it is still there").contains("\"invocationId\":\"1\"");
        }
    }

    @Test
    void tokenMayStandInTheQueryOfTheStreamButNotOfThePost() {
        HubClient.Negotiated negotiated = HubClient.negotiated(server, "chat");
        String target = HubClient.target("chat") + "&id=" + negotiated.token();
        String query = "&access_token=" + server.clientToken("chat");
        try (RawEventStream stream = RawEventStream.open(RawHttp.connect(server.address()), target + query);
                RawHttp http = RawHttp.connect(server.address())) {
            assertThat(stream.head().status()).isEqualTo(200);
            assertThat(http.body("POST", target + query, HubClient.JSON).read().status())
                    .isEqualTo(401);
            assertThat(http.body("POST", target, HubClient.JSON, server.bearer("chat"))
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(stream.next()).isEqualTo(HubClient.ACCEPTED);
        }
    }

    @Test
    void clientThatDropsItsStreamHasLeftAndItsIdIsUnknown() {
        try (var client = PostingClient.streaming(server, "leaving").shakeHands();
                RawHttp again = RawHttp.connect(server.address())) {
            assertThat(server.connections("leaving")).isEqualTo(1);
            ((PostingClient.Streaming) client).stream.close();
            await().until(() -> server.connections("leaving") == 0);

            assertThat(client.post("{\"type\":6}" + END).status()).isEqualTo(404);
            // Its token is young enough to open a connection with; it is the browser that tries to go on.
            assertThat(again.get(client.target, client.authorization, "Accept: text/event-stream")
                            .read()
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void aPageMayReadIt() {
        HubClient.Negotiated negotiated = HubClient.negotiated(server, "chat");
        String target = HubClient.target("chat") + "&id=" + negotiated.token();
        String origin = "Origin: https://page.example";
        try (RawEventStream stream =
                        RawEventStream.open(RawHttp.connect(server.address()), target, server.bearer("chat"), origin);
                RawHttp http = RawHttp.connect(server.address())) {
            assertThat(stream.head().header("Access-Control-Allow-Origin")).isEqualTo("https://page.example");
            assertThat(stream.head().header("Access-Control-Allow-Credentials")).isEqualTo("true");
            for (RawHttp.Answer answer : List.of(
                    http.body("POST", target, HubClient.JSON, server.bearer("chat"), origin)
                            .read(),
                    http.request("DELETE", target, server.bearer("chat"), origin)
                            .read(),
                    http.get(target, server.bearer("chat"), origin).read(),
                    http.body("POST", target + "x", "", server.bearer("chat"), origin)
                            .read())) {
                assertThat(answer.header("Access-Control-Allow-Origin"))
                        .as("%s", answer)
                        .isEqualTo("https://page.example");
            }
        }
    }

    @Test
    void silentClientsArePingedAndThenClosed() {
        try (var its = TestTidewire.with()
                        .keepAlive(Duration.ofMillis(100))
                        .clientTimeout(Duration.ofSeconds(1), false)
                        .start();
                var client = PostingClient.streaming(its, "chat")) {
            client.shakeHands();
            assertThat(client.stream.next()).isEqualTo(HubClient.PING + END);
            assertThat(client.next()).contains("Connection ping timeout");
            client.expectEnd();
            await().until(() -> its.closed("PingTimeout") == 1);
        }
    }

    @Test
    void postsAreASignOfLife() {
        try (var its = TestTidewire.with()
                        .keepAlive(Duration.ofMillis(100))
                        .clientTimeout(Duration.ofMillis(1500), false)
                        .start();
                var client = PostingClient.streaming(its, "chat")) {
            client.shakeHands();
            // Each ping of the server is answered with one of ours: so for longer than the timeout.
            for (int i = 0; i < 24; i++) {
                assertThat(client.stream.next()).isEqualTo(HubClient.PING + END);
                client.send(HubClient.PING);
            }
            assertThat(its.connections("chat")).isEqualTo(1);
        }
    }

    @Test
    void slowReaderIsClosedWithoutHoldingUpOthers() {
        try (var its = TestTidewire.with()
                        .webSocket(64 * 1024, 64 * 1024, Duration.ofSeconds(1))
                        .start();
                var slow = PostingClient.streaming(its, "chat").shakeHands();
                var rest = its.rest()) {
            String big = "[\"" + "x".repeat(100_000) + "\"]";
            for (int i = 0; i < 300 && its.closed("SlowClient") == 0; i++) {
                rest.send("chat", "", "t", big);
            }
            await().until(() -> its.closed("SlowClient") == 1);
            assertThat(slow.post("{\"type\":6}" + END).status()).isEqualTo(404);
        }
    }
}
