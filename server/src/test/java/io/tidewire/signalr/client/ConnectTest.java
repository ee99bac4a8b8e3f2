package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.http.RawHttp;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.signalr.client.HubClient.Negotiated;
import io.tidewire.transport.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests become a client's transport, and what the others are told (reference B.3, D.2). */
class ConnectTest {
    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private record Refusal(int status, String text) {}

    private static Refusal upgrade(String target, String... headers) {
        return upgrade(server, target, headers);
    }

    private static Refusal upgrade(TestTidewire its, String target, String... headers) {
        try (RawWebSocket socket = RawWebSocket.open(its.port())) {
            RawWebSocket.Reply reply = socket.request("GET " + target + " HTTP/1.1", RawWebSocket.goodHeaders(headers));
            return new Refusal(reply.status(), new String(reply.body(), StandardCharsets.UTF_8));
        }
    }

    private static Refusal ask(String method, String target, String... headers) {
        try (RawHttp http = RawHttp.connect(server.address())) {
            RawHttp.Answer answer = http.request(method, target, headers).read();
            assertThat(answer.header("Content-Type")).startsWith("text/plain");
            return new Refusal(answer.status(), answer.text());
        }
    }

    private static final Refusal UNKNOWN = new Refusal(404, "No Connection with that ID");

    @Test
    void negotiatedConnectionIsKnownByItsPublicId() {
        Negotiated negotiated = HubClient.negotiated(server, "byid");
        try (HubClient client = HubClient.upgraded(server, "byid", negotiated).shakeHands();
                var rest = server.rest()) {
            rest.send("byid", "/connections/" + negotiated.connectionId(), "t", "[1]");
            assertThat(client.next()).isEqualTo(call("t", "[1]"));
            assertThat(rest.call("GET", "/api/v1/hubs/byid/connections/" + negotiated.token())
                            .status())
                    .as("the token is a secret, not an id")
                    .isEqualTo(404);
        }
    }

    @Test
    void versionZeroConnectionIsKnownByTheOneIdItHas() {
        String text =
                HubClient.negotiate(server, "?hub=zero", server.bearer("zero")).text();
        String id = text.replaceAll(".*\"connectionId\":\"([^\"]+)\".*", "$1");
        try (HubClient client = HubClient.upgraded(server, "zero", new Negotiated(id, id))
                        .shakeHands();
                var rest = server.rest()) {
            rest.send("zero", "/connections/" + id, "t", "[0]");
            assertThat(client.next()).isEqualTo(call("t", "[0]"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/client/?hub=skip", "/client?hub=skip", "/client/?hub=skip&id="})
    void negotiationMayBeSkipped(String target) {
        try (RawWebSocket socket = RawWebSocket.connect(server.port(), target, server.bearer("skip"))) {
            socket.text(HubClient.JSON);
            assertThat(socket.readText()).isEqualTo(HubClient.ACCEPTED);
        }
    }

    @Test
    void tokenMayStandInTheQuery() {
        String target = "/client/?hub=chat&access_token=";
        String good = server.clientToken("chat");

        RawWebSocket.connect(server.port(), target + good).close();
        RawWebSocket.connect(server.port(), target + "nonsense&access_token=" + good)
                .close();
        assertThat(upgrade(target + good, "Authorization: Bearer nonsense").status())
                .as("the header wins")
                .isEqualTo(401);
        assertThat(upgrade(target + "nonsense").status()).isEqualTo(401);
        assertThat(upgrade("/client/?hub=chat").status()).isEqualTo(401);
        assertThat(upgrade("/client/?hub=chat", server.bearer("news")).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "AAAAAAAAAAAAAAAAAAAAAA", "%21%21%21", "a=b"})
    void unknownIdIsNotFound(String id) {
        assertThat(upgrade("/client/?hub=chat&id=" + id, server.bearer("chat"))).isEqualTo(UNKNOWN);
    }

    /** Every byte of it counts. */
    @Test
    void forgedIdIsNotFound() {
        byte[] token = Base64.getUrlDecoder()
                .decode(HubClient.negotiated(server, "chat").token());
        for (int at = 0; at < token.length; at += 5) {
            byte[] forged = token.clone();
            forged[at] ^= 1;
            String id = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
            assertThat(upgrade("/client/?hub=chat&id=" + id, server.bearer("chat")))
                    .as("byte %d", at)
                    .isEqualTo(UNKNOWN);
        }
    }

    @Test
    void expiredIdIsNotFound() {
        try (var impatient = TestTidewire.with().negotiationsExpired().start()) {
            String id = HubClient.negotiated(impatient, "chat").token();

            assertThat(upgrade(impatient, "/client/?hub=chat&id=" + id, impatient.bearer("chat")))
                    .isEqualTo(UNKNOWN);
            for (String accept : new String[] {"text/event-stream", "*/*"}) {
                try (RawHttp http = RawHttp.connect(impatient.address())) {
                    http.get("/client/?hub=chat&id=" + id, impatient.bearer("chat"), "Accept: " + accept);
                    assertThat(http.read().status()).as(accept).isEqualTo(404);
                }
            }
        }
    }

    @Test
    void idOfAnotherUserIsNotFound() {
        Claim alice = SignalRClaims.user("alice");
        String id = HubClient.negotiated(server, "chat", alice).token();
        String target = "/client/?hub=chat&id=" + id;

        assertThat(upgrade(target, server.bearer("chat", SignalRClaims.user("bob"))))
                .isEqualTo(UNKNOWN);
        assertThat(upgrade(target, server.bearer("chat"))).isEqualTo(UNKNOWN);
        assertThat(ask("POST", target, server.bearer("chat"))).isEqualTo(UNKNOWN);
        RawWebSocket.connect(server.port(), target, server.bearer("chat", alice))
                .close();
    }

    @Test
    void idOfAnotherHubIsNotFound() {
        String id = HubClient.negotiated(server, "chat").token();

        assertThat(upgrade("/client/?hub=news&id=" + id, server.bearer("news"))).isEqualTo(UNKNOWN);
    }

    @Test
    void idInUseIsAConflictAndTheFirstStays() {
        Negotiated negotiated = HubClient.negotiated(server, "twice");
        try (HubClient first = HubClient.upgraded(server, "twice", negotiated).shakeHands();
                var rest = server.rest()) {
            assertThat(upgrade("/client/?hub=twice&id=" + negotiated.token(), server.bearer("twice")))
                    .isEqualTo(new Refusal(409, "This connection is open already."));

            rest.send("twice", "", "t", "[]");
            assertThat(first.next()).isEqualTo(call("t", "[]"));
        }
    }

    /** Neither is a member yet when the second comes, so only the handshake can tell. */
    @Test
    void idTakenDuringTheHandshakeIsRefusedAndTheFirstStays() {
        Negotiated negotiated = HubClient.negotiated(server, "race");
        try (HubClient first = HubClient.upgraded(server, "race", negotiated);
                HubClient second = HubClient.upgraded(server, "race", negotiated);
                var rest = server.rest()) {
            first.shakeHands();
            second.socket.text(HubClient.JSON);
            second.expectClose("{\"error\":\"This connection is open already.\"}", 1000);

            assertThat(server.connections("race")).isEqualTo(1);
            rest.send("race", "/connections/" + negotiated.connectionId(), "t", "[]");
            assertThat(first.next()).isEqualTo(call("t", "[]"));
        }
        await().until(() -> server.connections("race") == 0);
    }

    /** A connection that ended has given its id back, while the token still holds. */
    @Test
    void idMayBeUsedAgainAfterItsConnectionEnded() {
        Negotiated negotiated = HubClient.negotiated(server, "again");
        HubClient.upgraded(server, "again", negotiated).shakeHands().close();
        await().until(() -> server.connections("again") == 0);

        HubClient.upgraded(server, "again", negotiated).shakeHands().close();
    }

    @Test
    void transportThatTheTokenForbidsIsRefused() {
        assertThat(upgrade("/client/?hub=chat", server.bearer("chat", Claim.of("asrs.s.htt", "6"))))
                .isEqualTo(new Refusal(404, "WebSockets transport not supported by this end point type"));
    }

    @Test
    void otherTransportsThatTheTokenForbidsAreRefusedToo() {
        Claim webSocketsOnly = Claim.of("asrs.s.htt", "1");
        String target =
                "/client/?hub=chat&id=" + HubClient.negotiated(server, "chat").token();
        String stream = "Accept: text/event-stream";
        double before = server.refused("TransportNotAllowed");

        assertThat(ask("GET", target, stream, server.bearer("chat", webSocketsOnly)))
                .isEqualTo(new Refusal(404, "ServerSentEvents transport not supported by this end point type"));
        assertThat(ask("GET", target + "&_=1700000000000", server.bearer("chat", webSocketsOnly)))
                .isEqualTo(new Refusal(404, "LongPolling transport not supported by this end point type"));
        assertThat(server.refused("TransportNotAllowed")).isEqualTo(before + 2);
        assertThat(ask("GET", "/client/?hub=chat&id=unknown", stream, server.bearer("chat")))
                .isEqualTo(UNKNOWN);
    }

    /** A browser cannot set headers for a stream, but it can for a poll. */
    @Test
    void tokenInTheQueryIsForStreamsOnly() {
        String target = "/client/?hub=chat&id=unknown&access_token=" + server.clientToken("chat");

        assertThat(ask("GET", target, "Accept: text/event-stream").status()).isEqualTo(404);
        assertThat(ask("GET", target).status()).isEqualTo(401);
        assertThat(ask("POST", target).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "DELETE"})
    void idIsRequired(String method) {
        Refusal required = new Refusal(400, "Connection ID required");

        assertThat(ask(method, "/client/?hub=chat", server.bearer("chat"))).isEqualTo(required);
        assertThat(ask(method, "/client/?hub=chat&id=", server.bearer("chat"))).isEqualTo(required);
        assertThat(ask(method, "/client/?hub=chat&id=unknown", server.bearer("chat")))
                .isEqualTo(UNKNOWN);
        assertThat(ask(method, "/client/?hub=chat&id=unknown").status()).isEqualTo(401);
    }

    @Test
    void webSocketTakesNoPostAndNoDelete() {
        Negotiated negotiated = HubClient.negotiated(server, "chat");
        String target = "/client/?hub=chat&id=" + negotiated.token();
        try (HubClient client = HubClient.upgraded(server, "chat", negotiated).shakeHands()) {
            assertThat(ask("POST", target, server.bearer("chat")))
                    .isEqualTo(new Refusal(405, "POST requests are not allowed for WebSocket connections."));
            assertThat(ask("DELETE", target, server.bearer("chat")))
                    .isEqualTo(new Refusal(400, "Cannot terminate this connection using the DELETE endpoint."));
            assertThat(ask("PUT", target, server.bearer("chat")).status()).isEqualTo(405);
            client.send("{\"type\":1,\"invocationId\":\"1\",\"target\":\"t\",\"arguments\":[]}");
            assertThat(client.next()).as("it is still there").contains("\"invocationId\":\"1\"");
        }
    }
}
