package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.auth.Claim;
import io.tidewire.transport.RawWebSocket;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.access.AdmissionSettings.By;
import io.tidewire.webpubsub.access.AdmissionSettings.CountRule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the request to the first frame (reference D.1, B.2). */
class WayInTest {
    private static ClientServer server;

    @BeforeAll
    static void start() {
        server = ClientServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawWebSocket.Reply get(ClientServer server, String target, String... headers) {
        try (var socket = RawWebSocket.open(server.port())) {
            return socket.request("GET " + target + " HTTP/1.1", RawWebSocket.goodHeaders(headers));
        }
    }

    private static int status(String target, String... headers) {
        return get(server, target, headers).status();
    }

    @Test
    void theTokenMayStandInTheQueryOrTheHeaderAndTheQueryWins() {
        String good = server.token("chat");
        assertThat(status("/client/hubs/chat?access_token=" + good)).isEqualTo(101);
        assertThat(status("/client/hubs/chat", "Authorization: Bearer " + good)).isEqualTo(101);
        assertThat(status("/client/hubs/chat?access_token=" + good, "Authorization: Bearer wrong"))
                .isEqualTo(101);
        assertThat(status("/client/hubs/chat?access_token=wrong", "Authorization: Bearer " + good))
                .isEqualTo(401);
        RawWebSocket.Reply none = get(server, "/client/hubs/chat");
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(status("/client/hubs/chat?access_token=" + server.token("other")))
                .isEqualTo(401);
    }

    @Test
    void theHubMayStandInTheQueryAndItsCaseDoesNotMatter() {
        String good = server.token("chat");
        assertThat(status("/client/?hub=chat&access_token=" + good)).isEqualTo(101);
        assertThat(status("/client?hub=CHAT&access_token=" + good)).isEqualTo(101);
        assertThat(status("/client/hubs/Chat?access_token=" + server.tokenFor("ws://localhost/client/?hub=chat")))
                .isEqualTo(101);
        assertThat(status("/client?access_token=" + good)).isEqualTo(400);
        assertThat(status("/client?hub=chat&hub=chat&access_token=" + good)).isEqualTo(400);
    }

    /** B18. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a%2Fb",
                "..%2Fchat",
                "%2e%2e",
                "1chat",
                "cha%20t",
                "ch%C3%A4t",
                "chat%00",
                "%2563hat",
                "$webpubsub",
                "_"
            })
    void b18APathThatPlaysTricksNamesNoHub(String hub) {
        assertThat(status("/client/hubs/" + hub + "?access_token=" + server.token("chat")))
                .isIn(400, 404);
    }

    @Test
    void b18AHubHasAtMost128CharactersAndOneTooManyIsNotFoundElsewhere() {
        String longest = "a".repeat(128);
        assertThat(status(server.target(longest))).isEqualTo(101);
        assertThat(status(server.target(longest + "a"))).isEqualTo(400);
        assertThat(status("/client/hubs/chat/more?access_token=" + server.token("chat")))
                .isEqualTo(404);
        assertThat(status("/client/hubs/?access_token=" + server.token("chat"))).isEqualTo(404);
    }

    @Test
    void whatIsNoWebSocketIsABadRequest() {
        try (var socket = RawWebSocket.open(server.port())) {
            assertThat(socket.request("GET " + server.target("chat") + " HTTP/1.1", List.of("Host: localhost"))
                            .status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "webpubsub_mode=other",
                "webpubsub_mode=sendToGroup",
                "webpubsub_mode=sendToGroup&group=",
                "group=%20",
                "noEcho=maybe",
                "noEcho=true&noEcho=maybe"
            })
    void aBadParameterIsRefusedWhateverTheClientSpeaks(String query) {
        String target = server.target("chat") + "&" + query;
        assertThat(status(target)).isEqualTo(400);
        assertThat(status(target, "Sec-WebSocket-Protocol: " + PubSubClient.JSON))
                .isEqualTo(400);
    }

    @Test
    void ofARepeatedParameterTheLastOneCounts() {
        assertThat(status(server.target("chat")
                        + "&noEcho=maybe&noEcho=TRUE&webpubsub_mode=x&webpubsub_mode=SENDTOGROUP&group=g"))
                .isEqualTo(101);
    }

    @Test
    void claimsThatCanNotBeAreABadRequest() {
        assertThat(status(server.target("chat", Claim.of("webpubsub.group", " "))))
                .isEqualTo(400);
        assertThat(status(server.target("chat", Claim.of("webpubsub.group", "g".repeat(1025)))))
                .isEqualTo(400);
        assertThat(status(server.target("chat", Claim.of("role", "webpubsub.sendToGroups.a\\b"))))
                .isEqualTo(400);
        assertThat(status(server.target("chat", Claim.of("role", "webpubsub.sendToGroups.******"))))
                .isEqualTo(400);
        assertThat(status(server.target("chat", Claim.of("role", "something.else"))))
                .isEqualTo(101);
    }

    @Test
    void theFirstOfferedSubprotocolThatWeKnowIsChosen() {
        RawWebSocket.Reply known = get(
                server,
                server.target("chat"),
                "Sec-WebSocket-Protocol: custom, json.reliable.webpubsub.azure.v1",
                "Sec-WebSocket-Protocol: json.webpubsub.azure.v1");
        assertThat(known.header("Sec-WebSocket-Protocol")).isEqualTo(PubSubClient.RELIABLE);
        RawWebSocket.Reply unknown = get(server, server.target("chat"), "Sec-WebSocket-Protocol: custom");
        assertThat(unknown.status()).isEqualTo(101);
        assertThat(unknown.header("Sec-WebSocket-Protocol")).isEmpty();
    }

    @Test
    void theApplicationMayChooseAnotherOneOfThoseOffered() {
        try (var mine = ClientServer.start()) {
            mine.application.choose("custom");
            try (var socket = RawWebSocket.open(mine.port())) {
                RawWebSocket.Reply reply = socket.request(
                        "GET " + mine.target("chat") + " HTTP/1.1",
                        RawWebSocket.goodHeaders("Sec-WebSocket-Protocol: json.webpubsub.azure.v1, custom"));
                assertThat(reply.header("Sec-WebSocket-Protocol")).isEqualTo("custom");
                mine.application.outcome = _ -> Application.handled("hello");
                assertThat(socket.text("anything").readText())
                        .as("a simple client, without a connected frame")
                        .isEqualTo("hello");
            }
            RawWebSocket.Reply notOffered =
                    get(mine, mine.target("chat"), "Sec-WebSocket-Protocol: json.webpubsub.azure.v1");
            assertThat(notOffered.status()).isEqualTo(500);
            await().untilAsserted(() -> assertThat(mine.application.told).contains("abandoned ServiceTransientError"));
        }
    }

    @Test
    void theApplicationIsToldWhoComes() throws Exception {
        try (var mine = ClientServer.start()) {
            get(
                    mine,
                    mine.target("Chat", Claim.of("sub", "ann"), Claim.of("role", "a", "b")) + "&color=red&color=blue",
                    "Sec-WebSocket-Protocol: custom, json.webpubsub.azure.v1",
                    "X-Some: thing",
                    "Authorization: Bearer secret");
            Arrival arrival = mine.application.arrivals.take();
            assertThat(arrival.hub()).isEqualTo("chat");
            assertThat(arrival.userId()).isEqualTo("ann");
            assertThat(arrival.claims())
                    .containsEntry("role", List.of("a", "b"))
                    .containsKeys("aud", "exp", "sub");
            assertThat(arrival.query().get()).containsOnlyKeys("color").containsEntry("color", List.of("red", "blue"));
            assertThat(arrival.headers().get()).containsEntry("X-Some", List.of("thing"));
            assertThat(arrival.headers().get().keySet())
                    .noneMatch("Authorization"::equalsIgnoreCase)
                    .noneMatch("Upgrade"::equalsIgnoreCase);
            assertThat(arrival.subprotocols()).containsExactly("custom", "json.webpubsub.azure.v1");
        }
    }

    @Test
    void whatTheApplicationSaysReplacesWhatTheTokenSays() {
        try (var mine = ClientServer.start()) {
            mine.application.admit("bob", List.of("theirs"), List.of("webpubsub.sendToGroup.only"));
            try (var client = PubSubClient.open(
                    mine, "chat", Claim.of("sub", "ann"), Claim.of("webpubsub.group", "mine"), PubSubClient.MAY_ALL)) {
                assertThat(client.connected)
                        .isEqualTo("{\"type\":\"system\",\"event\":\"connected\",\"connectionId\":\""
                                + client.connectionId + "\",\"userId\":\"bob\"}");
                assertThat(mine.application.next()).isEqualTo("connected");
                assertThat(mine.application.next()).isEqualTo("joined theirs");
                client.say("{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":1}");
                assertThat(client.hear()).contains("Forbidden");
                client.ask("{\"type\":\"sendToGroup\",\"group\":\"only\",\"data\":1,\"ackId\":2}", PubSubClient.ack(2));
            }
            mine.application.admit(null, List.of(), List.of());
            try (var client = PubSubClient.open(
                    mine, "chat", Claim.of("sub", "ann"), Claim.of("webpubsub.group", "mine"), PubSubClient.MAY_ALL)) {
                assertThat(client.connected).contains("\"userId\":\"ann\"");
                client.say("{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":1}");
                assertThat(client.hear()).as("no roles at all").contains("Forbidden");
                await().untilAsserted(() -> assertThat(mine.application.told).contains("joined mine"));
            }
        }
    }

    @Test
    void aRefusalOfTheApplicationIsTheHandshakesStatusWithoutItsWords() {
        try (var mine = ClientServer.start()) {
            mine.application.admission =
                    _ -> CompletableFuture.completedStage(new Admission.Refused(403, "secret words"));
            RawWebSocket.Reply reply = get(mine, mine.target("chat"));
            assertThat(reply.status()).isEqualTo(403);
            assertThat(new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEmpty();
            mine.application.admission = _ -> CompletableFuture.failedStage(new IllegalStateException("planted"));
            assertThat(get(mine, mine.target("chat")).status()).isEqualTo(500);
            assertThat(mine.application.told).isEmpty();
        }
    }

    @Test
    void aGroupOrRoleOfTheApplicationThatCanNotBeIsItsFault() {
        try (var mine = ClientServer.start()) {
            mine.application.admit(null, List.of(" "), null);
            assertThat(get(mine, mine.target("chat")).status()).isEqualTo(500);
            mine.application.admit(null, null, List.of("webpubsub.sendToGroups.\\x"));
            assertThat(get(mine, mine.target("chat")).status()).isEqualTo(500);
            assertThat(mine.application.next()).isEqualTo("abandoned ServiceTransientError");
            assertThat(mine.refused).containsOnly("InvalidConnectAnswer");
        }
    }

    @Test
    void aClientThatLeavesWhileTheApplicationThinksWasThereForIt() throws Exception {
        try (var mine = ClientServer.start()) {
            var answer = new CompletableFuture<Admission>();
            mine.application.admission = _ -> answer;
            try (var socket = RawWebSocket.open(mine.port())) {
                socket.raw(("GET " + mine.target("chat") + " HTTP/1.1\r\n"
                                + String.join("\r\n", RawWebSocket.goodHeaders()) + "\r\n\r\n")
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                mine.application.arrivals.take();
                socket.reset();
            }
            await().until(() -> mine.sockets() == 0);
            answer.complete(Admission.Accepted.UNCHANGED);
            assertThat(mine.application.next()).isEqualTo("abandoned Normal");
        }
    }

    @Test
    void groupsAreInPlaceWhenTheClientHearsThatItIsConnected() {
        try (var client = PubSubClient.open(server, "early", Claim.of("webpubsub.group", "a", "b"))) {
            assertThat(ClientServer.await(server.hub("early").exists(io.tidewire.hub.Audience.group("a"))))
                    .isTrue();
            assertThat(ClientServer.await(server.hub("early").exists(io.tidewire.hub.Audience.group("b"))))
                    .isTrue();
            assertThat(client.connected).doesNotContain("userId");
        }
    }

    @Test
    void whoIsAnonymousMayComeWhereTheHubSaysSo() {
        var open = new AdmissionSettings(true, Duration.ZERO, List.of());
        try (var mine = ClientServer.with()
                .hub("*", open)
                .hub("closed", AdmissionSettings.DEFAULT)
                .start()) {
            assertThat(get(mine, "/client/hubs/any").status()).isEqualTo(101);
            assertThat(get(mine, "/client/hubs/closed").status()).isEqualTo(401);
            assertThat(get(mine, "/client/hubs/any?access_token=wrong").status())
                    .as("a bad token is worse than none")
                    .isEqualTo(401);
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefused() {
        try (var mine = ClientServer.with().origins("https://app.example").start()) {
            assertThat(get(mine, mine.target("chat"), "Origin: https://evil.example")
                            .status())
                    .isEqualTo(403);
            assertThat(get(mine, mine.target("chat"), "Origin: https://APP.example")
                            .status())
                    .isEqualTo(101);
            assertThat(get(mine, mine.target("chat")).status()).isEqualTo(101);
        }
    }

    @Test
    void theLastPlaceIsTakenOnce() {
        try (var mine = ClientServer.with().connections(1).start()) {
            try (var first = PubSubClient.open(mine, "chat")) {
                assertThat(get(mine, mine.target("chat")).status()).isEqualTo(429);
                first.socket.sendClose(1000, "");
                first.socket.readClose();
            }
            await().untilAsserted(() ->
                    assertThat(get(mine, mine.target("chat")).status()).isEqualTo(101));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"USER_ID", "CLAIM", "ADDRESS"})
    void aRuleOfTheHubBoundsClientsThatAreAlike(String by) {
        var rule = new CountRule(By.valueOf(by), by.equals("CLAIM") ? "team" : null, 1);
        try (var mine = ClientServer.with()
                .hub("ruled", new AdmissionSettings(false, Duration.ZERO, List.of(rule)))
                .start()) {
            Claim ann = Claim.of("sub", "ann");
            Claim red = Claim.of("team", "red");
            try (var first = PubSubClient.open(mine, "ruled", ann, red)) {
                assertThat(get(mine, mine.target("ruled", ann, red)).status()).isEqualTo(429);
                if (!by.equals("ADDRESS")) {
                    Claim bob = Claim.of("sub", "bob");
                    assertThat(get(mine, mine.target("ruled", bob, Claim.of("team", "blue")))
                                    .status())
                            .isEqualTo(101);
                }
                assertThat(get(mine, mine.target("unruled", ann, red)).status()).isEqualTo(101);
                first.socket.sendClose(1000, "");
                first.socket.readClose();
            }
            await().untilAsserted(() -> assertThat(
                            get(mine, mine.target("ruled", ann, red)).status())
                    .isEqualTo(101));
        }
    }
}
