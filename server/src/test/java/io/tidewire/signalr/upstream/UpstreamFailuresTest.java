package io.tidewire.signalr.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.observe.Warnings;
import io.tidewire.service.upstream.FailureLog;
import io.tidewire.signalr.upstream.Application.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upstreams that are down, slow, huge, resetting or wrong: what the client hears, and how it is explained (row F8). */
class UpstreamFailuresTest {
    private final Warnings log = new Warnings(Upstreams.class);

    @AfterEach
    void listenNoMore() {
        log.close();
    }

    private List<String> lines() {
        return log.lines();
    }

    private static TestTidewire serverFor(String url, String... settings) {
        return TestTidewire.with()
                .set("upstream.addresses=any", "signalr.upstream=[{url: '" + url + "', categories: messages}]")
                .set(settings)
                .start();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anUpstreamThatIsDown() {
        String host = "http://127.0.0.1:" + freePort();
        try (var server = serverFor(host + "/api/{event}?code=s3cret");
                var client = Client.json(server, "chat");
                var curious = Client.json(server, "chat", Claim.of("asrs.s.derror", "True"))) {
            assertThat(client.ask("say")).isEqualTo(Client.error("Invocation failed, status code 500"));
            assertThat(curious.ask("say"))
                    .isEqualTo(Client.error("Invocation failed, status code 500 (connect failed)"));

            assertThat(lines().getFirst())
                    .matches("Failed invoking '" + host
                            + "/api/say\\?\\*\\*\\*' for 'hub:chat,category:messages,event:say' of "
                            + "connection [\\w-]+: connect_failed \\(.*\\) in \\d+ ms; the client saw: "
                            + "Invocation failed, status code 500")
                    .doesNotContain("s3cret");
            await().until(() -> server.metric("tidewire_webhook_calls_total{category=\"messages\","
                            + "result=\"connect_failed\",service=\"signalr\"}")
                    == 2);
        }
    }

    @Test
    void anUpstreamThatIsSlow() {
        var never = new CountDownLatch(1);
        try (var application = Application.that(request -> {
                    if (request.event().equals("slow")) {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                    return Answer.of(200);
                });
                var server = serverFor(application.url("/"), "upstream.timeout=300ms");
                var client = Client.json(server, "chat", Claim.of("asrs.s.derror", "True"));
                var other = Client.json(server, "chat")) {
            assertThat(client.ask("slow")).isEqualTo(Client.error("Invocation failed, status code 500 (timed out)"));
            assertThat(other.ask("quick")).isEqualTo(Client.VOID);
            assertThat(lines().getFirst()).contains("upstream.timeout");
            never.countDown();
        }
    }

    @Test
    void anAnswerThatIsTooLarge() {
        byte[] huge = new byte[16 * 1024 * 1024 + 1];
        try (var application = Application.that(request ->
                        request.event().equals("huge") ? new Answer(200, null, huge, Map.of()) : Answer.of(200));
                var server = serverFor(application.url("/"));
                var client = Client.json(server, "chat")) {
            assertThat(client.ask("huge")).isEqualTo(Client.error("Invocation failed, response too large."));
            assertThat(client.ask("small")).isEqualTo(Client.VOID);
            assertThat(lines().getFirst()).contains("upstream.maxResponseBytes");
        }
    }

    @Test
    void anUpstreamThatResetsInTheMiddleOfItsAnswer() throws Exception {
        try (var listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                while (true) {
                    try (Socket socket = listener.accept()) {
                        socket.getInputStream().read();
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(UTF_8));
                        socket.getOutputStream().flush();
                        socket.setSoLinger(true, 0);
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            try (var server = serverFor("http://127.0.0.1:" + listener.getLocalPort() + "/");
                    var client = Client.json(server, "chat")) {
                assertThat(client.ask("say")).isEqualTo(Client.error("Invocation failed, status code 500"));
                assertThat(lines().getFirst()).contains("connection_lost");
            }
        }
    }

    @Test
    void whatTheApplicationSaysAboutItsRefusalIsInTheLogInOneLine() {
        try (var application = Application.that(_ ->
                        Answer.of(404, "text/html", "Cannot POST\r\n2026 ERROR forged \u001b[31m" + "x".repeat(9999)));
                var server = serverFor(application.url("/{event}"));
                var client = Client.json(server, "chat")) {
            assertThat(client.ask("say\\r\\nx")).isEqualTo(Client.error("Invocation failed, status code 404"));

            assertThat(lines())
                    .singleElement()
                    .asString()
                    .contains("event:say??x' of", ": 404 (Cannot POST??2026 ERROR forged ?[31mxxx")
                    .hasSizeLessThan(600);
        }
    }

    /** Reference E.5: an answer for somebody has one of two statuses; where nobody waits, any success is one. */
    @Test
    void whatCountsAsAFailure() {
        try (var application = Application.that(request -> Answer.of(Integer.parseInt(request.event())));
                var server = serverFor(application.url("/"));
                var client = Client.json(server, "chat")) {
            client.say("202").say("299").say("200").say("204");
            assertThat(client.ask("204")).isEqualTo(Client.VOID);
            assertThat(client.ask("200")).isEqualTo(Client.VOID);
            assertThat(lines()).isEmpty();

            client.say("302");
            assertThat(client.ask("202")).isEqualTo(Client.error("Invocation failed, status code 202"));
            await().until(() -> lines().size() == 2);
            assertThat(lines().getFirst()).contains(": 302 in ", "nothing, it does not wait");
            assertThat(lines().getLast()).contains(": 202 in ", "status code 202");
        }
    }

    @Test
    void aTokenInWhatTheApplicationSaysIsNotInTheLog() {
        try (var application =
                        Application.that(_ -> Answer.of(500, "text/plain", "GET /x?access_token=s3cret failed"));
                var server = serverFor(application.url("/"));
                var client = Client.json(server, "chat")) {
            client.ask("say");

            assertThat(lines())
                    .singleElement()
                    .asString()
                    .contains(": 500 (GET /x?")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void anAnswerThatCannotBeUsedIsExplained() {
        try (var application = Application.that(_ -> Answer.json("<html>"));
                var server = serverFor(application.url("/"));
                var client = Client.json(server, "chat")) {
            client.ask("say");

            assertThat(lines()).singleElement().asString().contains(": unusable (<html>) in ");
            await().until(() -> server.metric(
                            "tidewire_webhook_calls_total{category=\"messages\",result=\"unusable\",service=\"signalr\"}")
                    == 1);
        }
    }

    @Test
    void aDeadUpstreamDoesNotFillTheLog() {
        try (var server = serverFor("http://127.0.0.1:" + freePort() + "/");
                var client = Client.json(server, "chat")) {
            for (int i = 0; i < 50; i++) {
                client.ask("say" + i);
            }
            assertThat(lines()).hasSize(FailureLog.IN_FULL + 1);
            assertThat(lines().getLast()).contains("counted only");
        }
        assertThat(lines().getLast()).startsWith((50 - FailureLog.IN_FULL) + " more calls of http://127.0.0.1:");
    }

    /** Nobody answers the one hub, ever; each client of the other one gets its answer meanwhile. */
    @Test
    void aHubsDeadUpstreamHoldsUpNoOtherHub() throws Exception {
        try (var silent = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
                var application = Application.content();
                var server = TestTidewire.with()
                        .set(
                                "upstream.addresses=any",
                                "upstream.maxConnections=2",
                                "shutdownTimeout=1s",
                                "signalr.upstream=[{url: 'http://127.0.0.1:" + silent.getLocalPort()
                                        + "/', hubs: dead}, {url: '" + application.url("/") + "', hubs: live}]")
                        .start();
                var first = Client.json(server, "dead");
                var second = Client.json(server, "dead");
                var third = Client.json(server, "dead");
                var live = Client.json(server, "live")) {
            for (var dead : List.of(first, second, third)) {
                dead.say("lost");
            }
            for (int i = 0; i < 20; i++) {
                assertThat(live.ask("say")).isEqualTo(Client.VOID);
            }
        }
    }

    @Test
    void aNameThatWouldStepUpInThePathIsNotCalled() {
        try (var application = Application.content();
                var server = serverFor(application.url("/api/{event}/x"));
                var client = Client.json(server, "chat")) {
            assertThat(client.ask("..")).isEqualTo(Client.error("Invocation failed, status code 500"));
            assertThat(client.ask("ok")).isEqualTo(Client.VOID);

            application.next("ok");
            assertThat(application.more()).isZero();
            assertThat(lines()).singleElement().asString().contains("make no URL");
        }
    }
}
