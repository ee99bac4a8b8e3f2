package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.upstream.WebhookOutcome.Failed;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What goes out and what comes back, with an application that behaves. */
class WebhookClientTest {
    @Test
    void aRequestArrivesAsItIsAndItsAnswerToo() {
        try (var app = new Application(exchange -> {
                    exchange.getResponseHeaders().add("X-first", "1");
                    exchange.getResponseHeaders().add("X-first", "2");
                    Application.answer(exchange, 201, "made");
                });
                var client = Client.any()) {
            var request = WebhookRequest.post(
                    app.url("/chat/messages/Send%20it?code=a%2Fb"),
                    List.of(Map.entry("X-ASRS-Hub", "chat"), Map.entry("X-ASRS-User-Claims", "a: 1, b: 2")),
                    "application/x-msgpack",
                    "body".getBytes(StandardCharsets.UTF_8),
                    false);

            Answered answer = Client.answered(client.call(request));

            assertThat(answer.status()).isEqualTo(201);
            assertThat(Client.text(answer)).isEqualTo("made");
            assertThat(answer.headers()).contains(Map.entry("X-first", "1"), Map.entry("X-first", "2"));
            assertThat(answer.took()).isPositive();
            Application.Seen seen = app.seen.getFirst();
            assertThat(seen.method()).isEqualTo("POST");
            assertThat(seen.target()).hasToString("/chat/messages/Send%20it?code=a%2Fb");
            assertThat(seen.body()).isEqualTo("body");
            assertThat(seen.header("X-asrs-hub")).isEqualTo("chat");
            assertThat(seen.header("X-asrs-user-claims")).isEqualTo("a: 1, b: 2");
            assertThat(seen.header("Content-type")).isEqualTo("application/x-msgpack");
            assertThat(seen.header("Content-length")).isEqualTo("4");
            assertThat(seen.header("Host")).isEqualTo("127.0.0.1:" + app.port());
            assertThat(seen.header("User-agent")).isEqualTo("Tidewire");
            assertThat(seen.headers().keySet())
                    .doesNotContain("Accept-encoding", "Cookie", "Upgrade", "Transfer-encoding", "Expect");
        }
    }

    @Test
    void anEmptyBodyAndAnEmptyAnswer() {
        try (var app = Application.answering(204, "");
                var client = Client.any()) {
            var request = WebhookRequest.post(app.url(""), List.of(), "text/plain", new byte[0], false);

            Answered answer = Client.answered(client.call(request));

            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(app.seen.getFirst().target()).hasToString("/");
            assertThat(app.seen.getFirst().header("Content-length")).isEqualTo("0");
        }
    }

    @Test
    void connectionsAreKept() {
        try (var app = Application.answering(200, "ok");
                var client = Client.any()) {
            for (int i = 0; i < 5; i++) {
                client.answered(app.url("/" + i));
            }

            assertThat(app.seen.stream().map(Application.Seen::from).distinct()).hasSize(1);
        }
    }

    /** Some headers are about the connection, which is not the caller's. */
    @Test
    void headersOfTheConnectionAreNotPassedOn() {
        try (var app = Application.answering(200, "");
                var client = Client.any()) {
            var request = WebhookRequest.post(
                    app.url("/"),
                    List.of(
                            Map.entry("HOST", "evil.example"),
                            Map.entry("Content-Length", "1"),
                            Map.entry("Transfer-Encoding", "chunked"),
                            Map.entry("Upgrade", "h2c"),
                            Map.entry("Expect", "100-continue"),
                            Map.entry("X-Own", "1")),
                    "text/plain",
                    "body".getBytes(StandardCharsets.UTF_8),
                    false);

            assertThat(Client.answered(client.call(request)).status()).isEqualTo(200);

            Application.Seen seen = app.seen.getFirst();
            assertThat(seen.body()).isEqualTo("body");
            assertThat(seen.header("Host")).isEqualTo("127.0.0.1:" + app.port());
            assertThat(seen.header("Content-length")).isEqualTo("4");
            assertThat(seen.header("X-own")).isEqualTo("1");
            assertThat(seen.headers().keySet()).doesNotContain("Transfer-encoding", "Upgrade", "Expect");
        }
    }

    @Test
    void aConnectionIsKeptNoLongerThanTheApplicationWants() {
        try (var app = new RawApplication(wire -> {
                    wire.request();
                    wire.write("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n");
                    wire.awaitEnd();
                });
                var client = Client.with().idleTimeout(Duration.ofHours(1)).open()) {
            client.answered(app.url());

            await().until(() -> app.ended.get() == 1);
        }
    }

    @Test
    void aRedirectIsAnAnswerAndIsNotFollowed() {
        try (var inside = Application.answering(200, "secret");
                var app = new Application(exchange -> {
                    exchange.getResponseHeaders()
                            .set("Location", inside.url("/admin").toString());
                    Application.answer(exchange, 307, "");
                });
                var client = Client.any()) {
            assertThat(client.answered(app.url("/")).status()).isEqualTo(307);
            assertThat(inside.seen).isEmpty();
        }
    }

    @Test
    void cookiesAreNotKept() {
        try (var app = new Application(exchange -> {
                    exchange.getResponseHeaders().set("Set-Cookie", "session=1; Path=/");
                    Application.answer(exchange, 200, "");
                });
                var client = Client.any()) {
            client.answered(app.url("/"));
            client.answered(app.url("/"));

            assertThat(app.seen.get(1).headers()).doesNotContainKey("Cookie");
        }
    }

    @Test
    void aChallengeIsAnAnswer() {
        try (var app = new Application(exchange -> {
                    exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=x");
                    Application.answer(exchange, 401, "who?");
                });
                var client = Client.any()) {
            assertThat(Client.text(client.answered(app.url("/")))).isEqualTo("who?");
            assertThat(app.seen).hasSize(1);
        }
    }

    @Test
    void nobodyListens() throws Exception {
        int port;
        try (var free = new ServerSocket()) {
            free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port = free.getLocalPort();
        }
        try (var client = Client.any()) {
            Failed failed = client.failed(URI.create("http://127.0.0.1:" + port + "/hook?code=secret"));

            assertThat(failed.reason()).isEqualTo(Reason.CONNECT_FAILED);
            assertThat(failed.detail())
                    .startsWith("http://127.0.0.1:" + port + "/hook: no connection to 127.0.0.1: ")
                    .contains("refused")
                    .doesNotContain("secret", "\n");
        }
    }
}
