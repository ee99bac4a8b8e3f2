package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.END;
import static io.tidewire.signalr.client.HubClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.Claim;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Long polling on the wire (reference D.2). */
class LongPollingTest {
    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.with()
                .set("longPolling.idleTimeout=60s", "http.maxBodyBytes=2KiB")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void expectUncached(RawHttp.Answer answer) {
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache, no-store");
        assertThat(answer.header("Pragma")).isEqualTo("no-cache");
        assertThat(answer.header("Expires")).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
    }

    @Test
    void firstPollIsAnsweredAtOnceWithNothing() {
        try (var client = PostingClient.polling(server, "chat")) {
            assertThat(client.first.header("Content-Length")).isEqualTo("0");
            expectUncached(client.first);
        }
    }

    @Test
    void pollsWaitForMessagesAndBringAllThereAre() {
        try (var client = PostingClient.polling(server, "chat");
                var rest = server.rest()) {
            client.shakeHands();
            RawHttp waiting = client.ask();
            rest.send("chat", "", "one", "[1]");
            RawHttp.Answer answer = waiting.read();
            assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
            assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(answer.body().length));
            assertThat(answer.text()).isEqualTo(call("one", "[1]") + END);
            expectUncached(answer);

            rest.send("chat", "", "two", "[2]");
            rest.send("chat", "", "three", "[3]");
            assertThat(client.next()).isEqualTo(call("two", "[2]"));
            assertThat(client.next()).isEqualTo(call("three", "[3]"));
        }
    }

    /** A call in MessagePack: its length, array, headers, no id, target, [n], no streams. */
    private static byte[] packed(char target, int argument) {
        return new byte[] {
            9,
            (byte) 0x96,
            1,
            (byte) 0x80,
            (byte) 0xC0,
            (byte) 0xA1,
            (byte) target,
            (byte) 0x91,
            (byte) argument,
            (byte) 0x90
        };
    }

    @Test
    void messagePackIsBytesOneAfterTheOther() {
        try (var client = PostingClient.polling(server, "packed");
                var rest = server.rest()) {
            assertThat(client.post(HubClient.MESSAGE_PACK).status()).isEqualTo(200);
            assertThat(client.poll().text()).isEqualTo(HubClient.ACCEPTED);
            rest.send("packed", "", "a", "[1]");
            rest.send("packed", "", "b", "[2]");
            var bytes = new ByteArrayOutputStream();
            while (bytes.size() < 20) {
                bytes.writeBytes(client.poll().body());
            }
            var expected = new ByteArrayOutputStream();
            expected.writeBytes(packed('a', 1));
            expected.writeBytes(packed('b', 2));
            assertThat(bytes.toByteArray()).isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void pollWithNothingToSayEndsAfterItsTimeout() {
        try (var its = TestTidewire.with()
                        .set("longPolling.pollTimeout=200ms", "longPolling.idleTimeout=60s")
                        .start();
                var client = PostingClient.polling(its, "chat")) {
            client.shakeHands();
            RawHttp.Answer empty = client.poll();
            assertThat(empty.status()).isEqualTo(200);
            assertThat(empty.header("Content-Length")).isEqualTo("0");
            assertThat(empty.header("Content-Type")).startsWith("text/plain");
            expectUncached(empty);
            assertThat(its.connections("chat")).isEqualTo(1);
        }
    }

    /** B28: two polls at once. */
    @Test
    void newerPollTakesThePlaceOfTheOlder() {
        try (var client = PostingClient.polling(server, "chat");
                var rest = server.rest()) {
            client.shakeHands();
            RawHttp newer = client.waiting();
            rest.send("chat", "/connections/" + client.connectionId, "t", "[1]");
            assertThat(newer.read().text()).isEqualTo(call("t", "[1]") + END);
        }
    }

    private static double sockets(TestTidewire its) {
        return its.metric("tidewire_sockets{listener=\"signalr\"}");
    }

    @Test
    void nothingIsLostWhenAPollIsGivenUp() {
        try (var its = TestTidewire.with().set("longPolling.idleTimeout=60s").start();
                var client = PostingClient.polling(its, "chat");
                var rest = its.rest()) {
            client.shakeHands();
            double sockets = sockets(its);
            RawHttp broken = RawHttp.connect(its.address());
            broken.get(client.target, client.authorization);
            await().until(() -> sockets(its) == sockets + 1);
            broken.close();
            await().until(() -> sockets(its) == sockets);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                rest.send("chat", "", "t", "[" + i + "]");
                expected.add(call("t", "[" + i + "]"));
            }
            List<String> received = new ArrayList<>();
            while (received.size() < expected.size()) {
                received.add(client.next());
            }
            assertThat(received).isEqualTo(expected);
        }
    }

    @Test
    void deleteEndsTheClientAndItsPoll() {
        try (var client = PostingClient.polling(server, "bye");
                RawHttp other = RawHttp.connect(server.address())) {
            client.shakeHands();
            RawHttp waiting = client.waiting();
            RawHttp.Answer answer =
                    other.request("DELETE", client.target, client.authorization).read();
            assertThat(answer.status()).isEqualTo(202);
            RawHttp.Answer over = waiting.read();
            assertThat(over.status()).isEqualTo(204);
            expectUncached(over);
            await().until(() -> server.connections("bye") == 0);

            RawHttp.Answer again = client.poll();
            assertThat(again.status()).isEqualTo(404);
            assertThat(again.text()).isEqualTo("No Connection with that ID");
            expectUncached(again);
            assertThat(client.post("{\"type\":6}" + END).status()).isEqualTo(404);
            assertThat(other.request("DELETE", client.target, client.authorization)
                            .read()
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void closedClientIsToldWithItsNextPollsAndThenItIsOver() {
        try (var client = PostingClient.polling(server, "closed");
                var rest = server.rest()) {
            client.shakeHands();
            assertThat(rest.call("DELETE", "/api/v1/hubs/closed/connections/" + client.connectionId + "?reason=enough")
                            .status())
                    .isEqualTo(202);
            await().until(() -> server.connections("closed") == 0);
            assertThat(client.next()).isEqualTo("{\"type\":7,\"error\":\"enough\",\"allowReconnect\":true}");
            assertThat(client.poll().status()).isEqualTo(204);
            assertThat(client.poll().status()).isEqualTo(404);
        }
    }

    @Test
    void clientThatStopsPollingIsGone() {
        try (var its = TestTidewire.with().set("longPolling.idleTimeout=150ms").start()) {
            List<PostingClient> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                var client = PostingClient.polling(its, "idle", Claim.of("asrs.s.ttl", "2"));
                assertThat(client.post(HubClient.JSON).status()).isEqualTo(200);
                clients.add(client);
            }
            await().until(() -> its.closed("Normal") == 40);
            assertThat(its.connections("idle")).isZero();
            for (PostingClient client : clients) {
                assertThat(((PostingClient.Polling) client).poll().status()).isEqualTo(404);
                client.close();
            }
            assertThat(its.metric("tidewire_buffered_bytes")).isZero();
        }
    }

    @Test
    void theTokenSaysHowLongAPauseMayBe() {
        try (var its = TestTidewire.with().set("longPolling.idleTimeout=100ms").start();
                var patient = PostingClient.polling(its, "ttl", Claim.of("asrs.s.ttl", "300"));
                var hasty = PostingClient.polling(its, "ttl")) {
            await().until(() -> hasty.post("").status() == 404);
            assertThat(patient.post("").status()).isEqualTo(200);
        }
    }

    @Test
    void waitingPollsAreASignOfLifeAndAreNotDisturbed() {
        try (var its = TestTidewire.with()
                        .keepAlive(Duration.ofMillis(100))
                        .clientTimeout(Duration.ofMillis(200), false)
                        .set("longPolling.pollTimeout=1s", "longPolling.idleTimeout=60s")
                        .start();
                var client = PostingClient.polling(its, "chat")) {
            client.shakeHands();
            RawHttp.Answer empty = client.poll();
            assertThat(empty.status()).isEqualTo(200);
            assertThat(empty.body()).as("no pings").isEmpty();
            assertThat(its.connections("chat")).isEqualTo(1);
        }
    }

    @Test
    void otherTransportsMustNotUseItsId() {
        try (var client = PostingClient.polling(server, "chat");
                RawHttp http = RawHttp.connect(server.address())) {
            RawHttp.Answer stream = http.get(client.target, client.authorization, "Accept: text/event-stream")
                    .read();
            assertThat(stream.status()).isEqualTo(400);
            assertThat(stream.text()).isEqualTo("Cannot change transports mid-connection");
            RawHttp.Answer socket = http.get(
                            client.target,
                            client.authorization,
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
                    .read();
            assertThat(socket.status()).isEqualTo(400);
            assertThat(socket.text()).isEqualTo("Cannot change transports mid-connection");
        }
    }

    /** B28: a replayed id of another user, and of another hub. */
    @Test
    void anIdIsOfUseToItsOwnUserAndHubOnly() {
        try (var client = PostingClient.polling(server, "chat", Claim.of("nameid", "alice"));
                RawHttp http = RawHttp.connect(server.address())) {
            String bob = server.bearer("chat", Claim.of("nameid", "bob"));
            String elsewhere = client.target.replace("hub=chat", "hub=other");
            String alice = server.bearer("other", Claim.of("nameid", "alice"));
            for (var attempt : List.of(List.of(client.target, bob), List.of(elsewhere, alice))) {
                for (String method : List.of("GET", "POST", "DELETE")) {
                    RawHttp.Answer answer =
                            http.request(method, attempt.get(0), attempt.get(1)).read();
                    assertThat(answer.status()).as("%s %s", method, attempt).isEqualTo(404);
                }
            }
            // With a new token of her own she goes on.
            String renewed = server.bearer("chat", Claim.of("nameid", "alice"), Claim.of("role", "admin"));
            assertThat(http.body("POST", client.target, HubClient.JSON, renewed)
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(http.get(client.target, renewed).read().text()).isEqualTo(HubClient.ACCEPTED);
        }
    }

    @Test
    void everyRequestIsAuthorisedAnew() {
        try (var client = PostingClient.polling(server, "chat");
                RawHttp http = RawHttp.connect(server.address())) {
            for (String method : List.of("GET", "POST", "DELETE")) {
                assertThat(http.request(method, client.target).read().status()).isEqualTo(401);
                assertThat(http.request(method, client.target, "Authorization: Bearer " + expired())
                                .read()
                                .status())
                        .isEqualTo(401);
            }
        }
    }

    private static String expired() {
        var longAgo = InstantSource.offset(InstantSource.system(), Duration.ofHours(-2));
        var keys = new AccessKeys("test.keys", new KeySettings(TestTidewire.KEY, null));
        return new TokenIssuer(keys, longAgo)
                .issue("http://localhost/client/?hub=chat", Duration.ofHours(1), List.of());
    }

    @Test
    void bodyOverTheLimitIsRefusedWithTheNameOfTheLimit() {
        try (var client = PostingClient.polling(server, "chat")) {
            RawHttp.Answer answer = client.post("x".repeat(2049));
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).contains("http.maxBodyBytes").contains("2048");
        }
    }

    @Test
    void whatWaitsForAClientIsBounded() {
        try (var its = TestTidewire.with()
                        .set("longPolling.idleTimeout=60s")
                        .webSocket(64 * 1024, 64 * 1024, Duration.ofSeconds(1))
                        .start();
                var client = PostingClient.polling(its, "chat");
                var rest = its.rest()) {
            client.shakeHands();
            for (int i = 0; i < 10; i++) {
                rest.send("chat", "", "t", "[\"" + "x".repeat(10_000) + "\"]");
            }
            await().until(() -> its.closed("SlowClient") == 1);
            assertThat(client.poll().status()).isIn(204, 404);
            assertThat(its.metric("tidewire_buffered_bytes")).isZero();
        }
    }

    @Test
    void aWaitingPollTakesAMessageOfAnySize() {
        try (var its = TestTidewire.with()
                        .set("longPolling.idleTimeout=60s")
                        .webSocket(64 * 1024, 64 * 1024, Duration.ofSeconds(1))
                        .start();
                var client = PostingClient.polling(its, "chat");
                var rest = its.rest()) {
            client.shakeHands();
            RawHttp waiting = client.waiting();
            String big = "[\"" + "x".repeat(300_000) + "\"]";
            rest.send("chat", "", "t", big);
            assertThat(waiting.read().text()).isEqualTo(call("t", big) + END);
        }
    }
}
