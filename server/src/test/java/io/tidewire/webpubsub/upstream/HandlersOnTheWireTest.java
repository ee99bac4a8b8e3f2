package io.tidewire.webpubsub.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.transport.RawWebSocket;
import io.tidewire.webpubsub.upstream.Application.Answer;
import io.tidewire.webpubsub.upstream.Application.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The whole server, its event handlers and real sockets. */
class HandlersOnTheWireTest {
    private static final String JSON = "Sec-WebSocket-Protocol: json.webpubsub.azure.v1";

    private static TestTidewire server(Application app, String... settings) {
        return TestTidewire.with()
                .set("webpubsub.hubs={chat: {eventHandlers: [{url: '" + app.url("/api/{hub}/{event}")
                        + "', userEvents: '*',"
                        + " systemEvents: [connect, connected, disconnected], groupEvents: [joined, left]}]}}")
                .set(settings)
                .start();
    }

    private static String target(TestTidewire server, Claim... claims) {
        return "/client/hubs/chat?access_token=" + server.tokenFor("http://localhost/client/hubs/chat", claims);
    }

    private static RawWebSocket client(TestTidewire server) {
        return RawWebSocket.connect(
                server.webPubSubAddress().getPort(), target(server, new Claim("sub", List.of("ada"))), JSON);
    }

    private static Function<Request, Answer> answering(String event, Answer answer) {
        return request -> request.event().equals(event) ? answer : Answer.of(204);
    }

    @Test
    void aWholeLife() {
        try (var app = Application.that(request -> switch (request.event()) {
                    case "connect" ->
                        Answer.json("{\"userId\":\"bob\",\"groups\":[\"g\"],\"roles\":[\"webpubsub.sendToGroup\"]}")
                                .with("ce-connectionState", "c3Rh");
                    case "say" -> Answer.of(200, "text/plain", "hi bob").with("X-WebPubSub-Metadata-K", "v");
                    default -> Answer.of(204);
                });
                var server = server(app)) {
            try (var client = client(server)) {
                assertThat(client.readText()).contains("\"event\":\"connected\"", "\"userId\":\"bob\"");
                Request connect = app.next("connect");
                assertThat(connect.uri()).isEqualTo("/api/chat/connect");
                assertThat(connect.header("ce-userId")).isEqualTo("ada");
                assertThat(connect.text())
                        .contains("\"subprotocols\":[\"json.webpubsub.azure.v1\"]", "\"sub\":[\"ada\"]")
                        .doesNotContain("access_token");
                var early = List.of(app.next().event(), app.next().event());
                assertThat(early).containsExactlyInAnyOrder("connected", "joined");

                client.text("{\"type\":\"event\",\"event\":\"say\",\"dataType\":\"text\",\"data\":\"x\",\"ackId\":1}");
                assertThat(client.readText())
                        .contains(
                                "\"from\":\"server\"",
                                "\"metadata\":{\"k\":\"v\"}",
                                "\"dataType\":\"text\",\"data\":\"hi bob\"");
                assertThat(client.readText()).isEqualTo("{\"type\":\"ack\",\"ackId\":1,\"success\":true}");
                Request say = app.next("say");
                assertThat(say.header("ce-userId")).isEqualTo("bob");
                assertThat(say.header("ce-connectionState")).isEqualTo("c3Rh");
                client.sendClose(1000, "");
                client.readClose();
            }
            var last = new ArrayList<String>();
            do {
                last.add(app.next().event());
            } while (!last.getLast().equals("disconnected"));
            assertThat(last).isSubsetOf("left", "disconnected");
            await().until(() -> server.metric(
                            "tidewire_webhook_calls_total{category=\"user\",result=\"200\",service=\"webpubsub\"}")
                    == 1);
        }
    }

    @Test
    void aHandlersRefusalIsTheHandshakesStatus() {
        try (var app = Application.that(answering("connect", Answer.of(403)));
                var server = server(app);
                var socket = RawWebSocket.open(server.webPubSubAddress().getPort())) {
            var reply = socket.request("GET " + target(server) + " HTTP/1.1", RawWebSocket.goodHeaders(JSON));
            assertThat(reply.status()).isEqualTo(403);
            app.next("connect");
            assertThat(app.more()).isZero();
        }
    }

    /**
     * The handler's answer meets a socket that is closed already, of which the request has not heard yet: the loop has the close before the
     * answer, and what comes of the close behind it. There is no WebSocket to end then, and yet the application has let somebody in.
     */
    @Test
    void aClientThatIsLostBetweenTheAnswerAndItsWebSocketIsDisconnected() throws Exception {
        var mayAnswer = new CountDownLatch(1);
        try (var app = Application.that(request -> {
                    if (request.event().equals("connect")) {
                        reached(mayAnswer);
                    }
                    return Answer.of(204);
                });
                var server = server(app);
                var socket = RawWebSocket.open(server.webPubSubAddress().getPort())) {
            String head = "GET " + target(server) + " HTTP/1.1\r\n"
                    + String.join("\r\n", RawWebSocket.goodHeaders(JSON)) + "\r\n\r\n";
            socket.raw(head.getBytes(StandardCharsets.US_ASCII));
            app.next("connect");

            var held = new CountDownLatch(server.loops().size());
            var mayGoOn = new CountDownLatch(1);
            for (Executor loop : server.loops()) {
                loop.execute(() -> {
                    held.countDown();
                    reached(mayGoOn);
                });
            }
            reached(held);
            Thread cut = Thread.startVirtualThread(server::cutWebPubSub);
            await().until(() -> waiting(server) == 1);
            mayAnswer.countDown();
            await().until(() -> waiting(server) == 2);
            mayGoOn.countDown();

            Request end = app.next();
            assertThat(end.event()).isEqualTo("disconnected");
            assertThat(end.text()).contains("\"reason\"");
            cut.join();
            assertThat(server.connections("webpubsub", "chat")).isZero();
        } finally {
            mayAnswer.countDown();
        }
    }

    private static int waiting(TestTidewire server) {
        return server.loops().stream()
                .mapToInt(loop -> ((SingleThreadEventExecutor) loop).pendingTasks())
                .sum();
    }

    private static void reached(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aHandlerThatWantsNoCallsLetsNobodyIn() {
        try (var app = Application.validatedBy(_ -> Answer.of(500));
                var server = server(app);
                var socket = RawWebSocket.open(server.webPubSubAddress().getPort())) {
            var reply = socket.request("GET " + target(server) + " HTTP/1.1", RawWebSocket.goodHeaders(JSON));
            assertThat(reply.status()).isEqualTo(500);
            assertThat(app.validations.remove().uri()).isEqualTo("/api/chat/validate");
        }
    }

    @Test
    void aFailedEventIsAFailedAckAndAnEndForASimpleClient() {
        try (var app = Application.that(answering("say", Answer.of(400)));
                var server = server(app);
                var client = client(server)) {
            client.readText();
            client.text("{\"type\":\"event\",\"event\":\"say\",\"dataType\":\"text\",\"data\":\"x\",\"ackId\":1}");
            assertThat(client.readText()).contains("\"ackId\":1,\"success\":false", "\"name\":\"InternalServerError\"");
        }
        try (var app = Application.that(answering("message", Answer.of(400)));
                var server = server(app);
                var client = RawWebSocket.connect(server.webPubSubAddress().getPort(), target(server))) {
            client.text("x");
            assertThat(client.readClose().closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void listenersHearWhatHandlersAreAsked() {
        try (var app = Application.content();
                var listener = Application.content();
                var server = server(
                        app,
                        "webpubsub.hubs={chat: {eventHandlers: [{url: '" + app.url("/") + "', userEvents: both}], "
                                + "eventListeners: [{endpoint: '" + listener.url("/{event}")
                                + "', userEvents: [both, heard], systemEvents: [connected, disconnected]}]}}")) {
            try (var client = client(server)) {
                client.readText();
                for (String event : List.of("heard", "both", "neither")) {
                    client.text("{\"type\":\"event\",\"event\":\"" + event
                            + "\",\"dataType\":\"text\",\"data\":\"x\",\"ackId\":" + event.length() + "}");
                    assertThat(client.readText()).contains("\"success\":" + !event.equals("neither"));
                }
                client.sendClose(1000, "");
                client.readClose();
            }
            app.next("both");
            for (String event : List.of("connected", "heard", "both", "disconnected")) {
                assertThat(listener.next(event).uri()).isEqualTo("/" + event);
            }
            assertThat(app.more() + listener.more()).isZero();
        }
    }

    @Test
    void aStopTellsHandlersThatClientsAreGone() {
        try (var app = Application.content()) {
            TestTidewire server = server(app);
            try (var client = client(server)) {
                client.readText();
                app.next("connect");
                app.next("connected");
                server.close();
            }
            assertThat(app.next("disconnected").text())
                    .isEqualTo("{\"reason\":\"Service reloading, try reconnecting\"}");
        }
    }
}
