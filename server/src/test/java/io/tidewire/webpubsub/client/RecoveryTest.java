package io.tidewire.webpubsub.client;

import static io.tidewire.webpubsub.client.PubSubClient.MAY_ALL;
import static io.tidewire.webpubsub.client.PubSubClient.ack;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.auth.Claim;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Disconnect;
import io.tidewire.transport.RawWebSocket;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reliable clients: what is kept for them, and how they come back (reference D.5). */
class RecoveryTest {
    private static final Pattern NUMBER = Pattern.compile("\"sequenceId\":(\\d+)");
    private static final Pattern DATA = Pattern.compile("\"data\":\"([^\"]*)\"");

    private ClientServer server;

    @BeforeEach
    void start() {
        server = ClientServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void send(ClientServer server, String text, int ttlSeconds) {
        ClientServer.await(server.hub("chat")
                .send(
                        Audience.group("g"),
                        new ServiceMessage.FromGroup(
                                "g",
                                null,
                                new Payload(DataType.TEXT, text.getBytes(UTF_8)),
                                Metadata.NONE,
                                ttlSeconds,
                                null)));
    }

    private void send(String text) {
        send(server, text, 0);
    }

    private static PubSubClient member(ClientServer server, Claim... more) {
        var claims = new ArrayList<>(List.of(more));
        claims.add(Claim.of("webpubsub.group", "g"));
        return PubSubClient.reliable(server, "chat", claims.toArray(Claim[]::new));
    }

    /** The next message, as {@code number:data}. */
    private static String next(PubSubClient client) {
        String frame = client.hear();
        return PubSubClient.find(NUMBER, frame) + ":" + PubSubClient.find(DATA, frame);
    }

    private static void acknowledge(PubSubClient client, long number) {
        client.say("{\"type\":\"sequenceAck\",\"sequenceId\":" + number + "}");
    }

    private static void expectTurnedAway(RawWebSocket socket) {
        RawWebSocket.Frame close = socket.readClose();
        assertThat(close.closeCode()).isEqualTo(1008);
        assertThat(close.closeReason()).isEqualTo("The connection could not be recovered.");
        socket.close();
    }

    @Test
    void messagesAreNumberedAndWhatIsNotAcknowledgedComesAgain() {
        try (var client = member(server, Claim.of("sub", "ann"))) {
            for (int i = 1; i <= 5; i++) {
                send("m" + i);
                assertThat(next(client)).isEqualTo(i + ":m" + i);
            }
            acknowledge(client, 3);
            client.settle();
            client.lose();
            client.comeBack();
            assertThat(next(client)).as("and no second connected frame").isEqualTo("4:m4");
            assertThat(next(client)).isEqualTo("5:m5");
            send("m6");
            assertThat(next(client)).isEqualTo("6:m6");
            client.settle();
            assertThat(server.application.told).containsExactly("connected", "joined g");
        }
    }

    @Test
    void whatComesWhileTheClientIsAwayWaitsForItAndItsGroupsAndRolesStay() {
        try (var client = member(server, MAY_ALL)) {
            client.join("h", 7);
            client.lose();
            for (int i = 1; i <= 3; i++) {
                send("m" + i);
            }
            client.comeBack();
            for (int i = 1; i <= 3; i++) {
                assertThat(next(client)).isEqualTo(i + ":m" + i);
            }
            client.ask(
                    "{\"type\":\"joinGroup\",\"group\":\"h\",\"ackId\":7}",
                    PubSubClient.failed(7, "Duplicate", "Message with ack-id: 7 has been processed"));
            client.ask("{\"type\":\"sendToGroup\",\"group\":\"nobody\",\"data\":1,\"ackId\":8}", ack(8));
            assertThat(ClientServer.await(server.hub("chat").exists(Audience.group("h"))))
                    .isTrue();
        }
    }

    @Test
    void theAnswerOfAnApplicationIsNumberedToo() {
        server.application.outcome = _ -> Application.handled("yes");
        try (var client = member(server)) {
            client.say("{\"type\":\"event\",\"event\":\"e\",\"data\":1,\"ackId\":1}");
            assertThat(next(client)).isEqualTo("1:yes");
            assertThat(client.hear()).isEqualTo(ack(1));
            client.lose();
            client.comeBack();
            assertThat(next(client)).isEqualTo("1:yes");
        }
    }

    @Test
    void whoDoesNotComeBackInTimeIsGone() {
        try (var quick = ClientServer.with()
                        .clocks(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(300))
                        .start();
                var client = member(quick)) {
            client.lose();
            await().untilAsserted(() -> assertThat(quick.closed).containsExactly("Normal"));
            expectTurnedAway(client.comeBack().socket);
            assertThat(quick.application.next()).isEqualTo("connected");
            assertThat(quick.application.next()).isEqualTo("joined g");
            assertThat(quick.application.next()).isEqualTo("left g");
            assertThat(quick.application.next()).isEqualTo("disconnected Normal");
            assertThat(quick.refused).containsExactly("UnknownReconnection");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void whoSaysGoodbyeIsGoneAtOnce(int code) {
        try (var client = member(server)) {
            client.socket.sendClose(code, "");
            client.socket.readClose();
            await().untilAsserted(() -> assertThat(server.closed).containsExactly("Normal"));
            expectTurnedAway(client.comeBack().socket);
        }
    }

    @Test
    void aCloseThatIsNoGoodbyeCanBeRecovered() {
        try (var client = member(server)) {
            client.socket.sendClose(1011, "");
            client.socket.readClose();
            send("m");
            client.comeBack();
            assertThat(next(client)).isEqualTo("1:m");
        }
    }

    @Test
    void anEndByTheServiceIsFinal() {
        try (var client = member(server)) {
            ClientServer.await(server.hub("chat").close(Audience.all(), Disconnect.byApplication("bye")));
            assertThat(client.hear()).contains("disconnected");
            client.socket.readClose();
            expectTurnedAway(client.comeBack().socket);
        }
    }

    @Test
    void withoutAReliableSubprotocolThereIsNothingToComeBackTo() {
        try (var client = PubSubClient.open(server, "chat")) {
            assertThat(client.connected).doesNotContain("reconnectionToken");
            client.lose();
            await().untilAsserted(() -> assertThat(server.closed).containsExactly("Normal"));
        }
    }

    /** B29. */
    @Test
    void b29WhatDoesNotProveThatItIsTheClientNeverTouchesALiveOne() {
        try (var client = member(server);
                var other = member(server)) {
            String good = client.reconnectionToken();
            String forged = good.substring(0, 20) + (good.charAt(20) == 'A' ? 'B' : 'A') + good.substring(21);
            String id = "?awps_connection_id=" + client.connectionId + "&awps_reconnection_token=";
            String reliable = "Sec-WebSocket-Protocol: " + PubSubClient.RELIABLE;
            for (String target : List.of(
                    "/client/hubs/chat" + id + forged,
                    "/client/hubs/chat" + id,
                    "/client/hubs/chat" + id + "!",
                    "/client/hubs/chat" + id + other.reconnectionToken(),
                    "/client/hubs/other" + id + good,
                    "/client/hubs/chat?awps_connection_id=nobody&awps_reconnection_token=" + good)) {
                expectTurnedAway(RawWebSocket.connect(server.port(), target, reliable));
            }
            expectTurnedAway(RawWebSocket.connect(
                    server.port(), client.recovery(), "Sec-WebSocket-Protocol: " + PubSubClient.JSON));
            expectTurnedAway(RawWebSocket.connect(server.port(), client.recovery()));
            server.later(Duration.ofDays(8));
            expectTurnedAway(RawWebSocket.connect(server.port(), client.recovery(), reliable));
            client.settle();
            send("still here");
            assertThat(next(client)).isEqualTo("1:still here");
            assertThat(server.closed).isEmpty();
        }
    }

    /** B29. */
    @Test
    void b29UsedTwiceAtOnceOneSpeaksForTheClientAndNothingIsLost() throws Exception {
        try (var client = member(server)) {
            for (int round = 1; round <= 20; round++) {
                var first = RawWebSocket.open(server.port());
                var second = RawWebSocket.open(server.port());
                String protocol = "Sec-WebSocket-Protocol: " + PubSubClient.RELIABLE;
                Thread one = Thread.ofVirtual().start(() -> first.upgrade(client.recovery(), protocol));
                second.upgrade(client.recovery(), protocol);
                one.join();
                // The first time one of them may be asked before the other one is there.
                boolean firstSpeaks = isHeard(first);
                boolean secondSpeaks = isHeard(second);
                if (firstSpeaks && secondSpeaks) {
                    firstSpeaks = isHeard(first);
                    secondSpeaks = isHeard(second);
                }
                assertThat(firstSpeaks ^ secondSpeaks).isTrue();
                client.socket.close();
                client.socket = firstSpeaks ? first : second;
                (firstSpeaks ? second : first).close();
                send("m" + round);
                assertThat(next(client)).isEqualTo(round + ":m" + round);
                acknowledge(client, round);
                client.settle();
            }
            assertThat(server.closed).isEmpty();
        }
    }

    private static final String PING = "{\"type\":\"ping\"}";

    /** Whether it speaks for its client; otherwise it is closed. */
    private static boolean isHeard(RawWebSocket socket) {
        RawWebSocket.Frame frame = socket.text(PING).read();
        if (frame.opcode() != RawWebSocket.CLOSE) {
            assertThat(frame.text()).contains("pong");
            return true;
        }
        assertThat(frame.closeReason()).isEqualTo("The client came back on another WebSocket");
        return false;
    }

    /** B11. */
    @Test
    void b11AnAcknowledgementOfWhatWasNeverSentChangesNothing() {
        try (var client = member(server)) {
            send("a");
            assertThat(next(client)).isEqualTo("1:a");
            acknowledge(client, 2);
            client.say("{\"type\":\"sequenceAck\",\"sequenceId\":18446744073709551615}");
            client.settle();
            client.lose();
            client.comeBack();
            assertThat(next(client)).isEqualTo("1:a");
            assertThat(server.dropped).containsExactly("UnknownSequenceId", "UnknownSequenceId");
        }
    }

    @Test
    void whoNeverAcknowledgesIsClosedWhenTheLimitIsReached() {
        try (var small = ClientServer.with().reliable(10, 1 << 20).start();
                var client = member(small)) {
            for (int i = 1; i <= 11; i++) {
                send(small, "m" + i, 0);
            }
            for (int i = 1; i <= 10; i++) {
                assertThat(next(client)).isEqualTo(i + ":m" + i);
            }
            assertThat(client.socket.readClose().closeCode()).isEqualTo(1008);
            await().untilAsserted(() -> assertThat(small.closed).containsExactly("SlowClient"));
            expectTurnedAway(client.comeBack().socket);
            assertThat(small.budget.used()).isZero();
        }
    }

    @Test
    void whoIsAwayWhileTooManyBytesWaitIsGone() {
        try (var small = ClientServer.with().reliable(1000, 10_000).start();
                var client = member(small)) {
            client.lose();
            for (int i = 1; i <= 11; i++) {
                send(small, "x".repeat(1000), 0);
            }
            await().untilAsserted(() -> assertThat(small.closed).containsExactly("SlowClient"));
            expectTurnedAway(client.comeBack().socket);
            await().untilAsserted(() -> assertThat(small.budget.used()).isZero());
        }
    }

    @Test
    void whoAcknowledgesMayGoOnForEver() {
        try (var small = ClientServer.with().reliable(10, 1 << 20).start();
                var client = member(small)) {
            for (int i = 1; i <= 100; i++) {
                send(small, "m" + i, 0);
                assertThat(next(client)).isEqualTo(i + ":m" + i);
                if (i % 5 == 0) {
                    acknowledge(client, i);
                    client.settle();
                }
            }
            assertThat(small.budget.used()).isZero();
        }
    }

    @Test
    void whoAcknowledgesEachMessageIsNoFlood() {
        try (var strict = ClientServer.with().webSocket(1 << 20, 1 << 20, 20).start();
                var client = member(strict)) {
            for (int i = 1; i <= 100; i++) {
                send(strict, "m" + i, 0);
                assertThat(next(client)).isEqualTo(i + ":m" + i);
                acknowledge(client, i);
            }
            client.settle();
        }
    }

    @Test
    void theBoundOfTheNodeHoldsForWhatIsKept() {
        try (var small = ClientServer.with().buffered(100_000).start();
                var client = member(small)) {
            client.lose();
            for (int i = 0; i < 60; i++) {
                send(small, "x".repeat(1000), 0);
            }
            await().untilAsserted(() -> assertThat(small.closed).containsExactly("Throttled"));
        }
    }

    @Test
    void aMessageForManyIsCountedOnce() {
        var clients = new ArrayList<PubSubClient>();
        for (int i = 0; i < 10; i++) {
            clients.add(member(server));
        }
        send("x".repeat(100_000));
        clients.forEach(client -> assertThat(next(client)).startsWith("1:x"));
        assertThat(server.budget.used()).isBetween(100_000L, 110_000L);
        clients.forEach(client -> {
            acknowledge(client, 1);
            client.settle();
        });
        assertThat(server.budget.used()).isZero();
        clients.forEach(PubSubClient::close);
    }

    @Test
    void aMessageThatIsTooOldIsNotSentAgain() {
        try (var client = member(server)) {
            client.lose();
            send(server, "old", 1);
            send("lasting");
            long sent = System.nanoTime();
            await().until(() ->
                    System.nanoTime() - sent > Duration.ofMillis(1100).toNanos());
            client.comeBack();
            assertThat(next(client)).isEqualTo("2:lasting");
        }
    }

    @Test
    void moreThanAWebSocketTakesAtOnceComesAsItIsAcknowledged() {
        try (var small = ClientServer.with().webSocket(1 << 20, 200_000, 1000).start();
                var client = member(small)) {
            client.lose();
            String large = "x".repeat(50_000);
            for (int i = 1; i <= 40; i++) {
                send(small, large, 0);
            }
            client.comeBack();
            for (int i = 1; i <= 40; i++) {
                assertThat(next(client)).isEqualTo(i + ":" + large);
                acknowledge(client, i);
            }
            send(small, "live", 0);
            assertThat(next(client)).isEqualTo("41:live");
            assertThat(small.closed).isEmpty();
        }
    }

    @Test
    void whatSimpleClientsAndReliableOnesGetIsTheSame() {
        try (var reliable = member(server);
                var plain = PubSubClient.open(server, "chat", Claim.of("webpubsub.group", "g"))) {
            send("m");
            assertThat(reliable.hear()).contains("\"sequenceId\":1");
            assertThat(plain.hear()).doesNotContain("sequenceId").contains("\"data\":\"m\"");
        }
    }

    /** A client that numbers, acknowledges and comes back as the vendor's do, cut at random. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void cutAnywhereNothingIsLostNothingComesTwiceAndOrderIsKept(int tens) {
        for (int seed = tens * 5; seed < tens * 5 + 5; seed++) {
            cutAtRandom(seed);
        }
    }

    private void cutAtRandom(int seed) {
        var random = new Random(seed);
        var heard = new ArrayList<String>();
        int sent = 0;
        long acknowledged = 0;
        try (var client = member(server)) {
            for (int step = 0; step < 40; step++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> send("m" + ++sent);
                    case 2 -> {
                        while (heard.size() < sent && random.nextInt(5) != 0) {
                            hear(client, heard);
                        }
                        if (random.nextBoolean()) {
                            acknowledge(client, heard.size());
                            acknowledged = heard.size();
                        }
                    }
                    default -> {
                        client.lose();
                        client.comeBack();
                    }
                }
            }
            assertThat(acknowledged).isLessThanOrEqualTo(sent);
            while (heard.size() < sent) {
                hear(client, heard);
            }
            for (int i = 1; i <= sent; i++) {
                assertThat(heard.get(i - 1)).as("seed %s", seed).isEqualTo(i + ":m" + i);
            }
        }
    }

    /** What comes again is known by its number. */
    private static void hear(PubSubClient client, List<String> heard) {
        String next = next(client);
        int number = Integer.parseInt(next.substring(0, next.indexOf(':')));
        if (number > heard.size()) {
            assertThat(number).isEqualTo(heard.size() + 1);
            heard.add(next);
        }
    }

    /** Clients that vanish and come anew, over and over, cost no socket, so nothing else would bound them. */
    @Test
    void whereThereIsNoRoomForClientsThatAreAwayALostOneEnds() {
        try (var server = ClientServer.with().buffered(6000).start();
                var client = PubSubClient.reliable(server, "chat")) {
            client.lose();
            await().until(() -> server.closed.contains("Normal"));
            assertThat(server.dropped).containsExactly("NoRoomForReturns");
        }
    }

    @Test
    void whatAClientThatWasAwayTookIsGivenBack() {
        try (var server = ClientServer.start();
                var client = PubSubClient.reliable(server, "chat")) {
            client.lose();
            await().until(() -> server.budget.used() >= 4096);
            client.comeBack();
            client.settle();
            await().until(() -> server.budget.used() == 0);
            client.lose();
            await().until(() -> server.budget.used() >= 4096);
            server.stopClients();
            await().until(() -> server.budget.used() == 0);
        }
    }
}
