package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.transport.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client whose WebSocket breaks goes on over a new one, with nothing lost and nothing twice (reference D.7). */
class StatefulReconnectTest {
    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = quick().start();
    }

    /** Acknowledges, pings and looks at its clocks several times a second. */
    private static TestTidewire.Options quick() {
        return TestTidewire.with().keepAlive(Duration.ofMillis(200));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String invocation(int id) {
        return "{\"type\":1,\"invocationId\":\"" + id + "\",\"target\":\"t\",\"arguments\":[]}";
    }

    /** What a hub without an upstream says to each {@link #invocation}: in these tests it stands for having heard it. */
    private static String heard(int id) {
        return "{\"type\":3,\"invocationId\":\"" + id
                + "\",\"error\":\"Invocation failed, no upstream is configured for 't'.\"}";
    }

    @Test
    void itIsGrantedToThoseWhoAskAndOnlyWhenItIsOn() {
        String asked = "?hub=grant&negotiateVersion=1&USEstatefulReconnect=True";
        assertThat(HubClient.negotiate(server, asked, server.bearer("grant")).text())
                .contains("\"useStatefulReconnect\":true");
        assertThat(HubClient.negotiate(server, "?hub=grant&negotiateVersion=1", server.bearer("grant"))
                        .text())
                .doesNotContain("useStatefulReconnect");
        assertThat(HubClient.negotiate(
                                server,
                                "?hub=grant&negotiateVersion=1&useStatefulReconnect=false",
                                server.bearer("grant"))
                        .text())
                .doesNotContain("useStatefulReconnect");
        try (var without = TestTidewire.with()
                .set("signalr.client.reconnect.enabled=false")
                .start()) {
            assertThat(HubClient.negotiate(without, asked, without.bearer("grant"))
                            .text())
                    .doesNotContain("useStatefulReconnect");
        }
    }

    @Test
    void whatIsSentWhileTheClientIsAwayWaitsForItAndItsGroupsStay() {
        try (var client = ReturningClient.open(server, "away");
                var rest = server.rest()) {
            assertThat(rest.call("PUT", "/api/v1/hubs/away/groups/g/connections/" + client.connectionId)
                            .status())
                    .isEqualTo(200);
            client.lose();
            for (int i = 0; i < 5; i++) {
                rest.send("away", "/groups/g", "t", "[" + i + "]");
            }
            client.comeBack();
            for (int i = 0; i < 5; i++) {
                assertThat(client.take()).isEqualTo(call("t", "[" + i + "]"));
            }
            assertThat(server.connections("away")).isEqualTo(1);
            rest.send("away", "/connections/" + client.connectionId, "t", "[5]");
            assertThat(client.take()).isEqualTo(call("t", "[5]"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void cutAnywhereNothingIsLostNothingComesTwiceAndOrderIsKept(int tens) {
        for (int seed = tens * 10; seed < tens * 10 + 10; seed++) {
            cutAtRandom(seed);
        }
    }

    private static void cutAtRandom(int seed) {
        var random = new Random(seed);
        String hub = "cut" + seed;
        List<String> calls = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        int asked = 0;
        int pushed = 0;
        try (var client = ReturningClient.open(server, hub);
                var rest = server.rest()) {
            int rounds = 2 + random.nextInt(5);
            for (int round = 0; round < rounds; round++) {
                for (int step = random.nextInt(8); step > 0; step--) {
                    switch (random.nextInt(4)) {
                        case 0 -> client.call(invocation(asked++));
                        case 1 -> {
                            rest.send(hub, "", "t", "[" + pushed++ + ",\"" + "x".repeat(random.nextInt(3000)) + "\"]");
                        }
                        case 2 -> {
                            if (calls.size() + answers.size() < asked + pushed && client.unacknowledged() == 0) {
                                sort(client.take(), calls, answers);
                            }
                        }
                        default -> client.acknowledge();
                    }
                }
                if (random.nextBoolean()) {
                    client.callCutAt(invocation(asked++), random.nextInt(80));
                }
                RawWebSocket before = client.raw();
                if (random.nextInt(4) > 0) {
                    before.reset();
                }
                if (random.nextBoolean()) {
                    rest.send(hub, "", "t", "[" + pushed++ + ",\"away\"]");
                }
                client.comeBack();
                before.close();
            }
            while (calls.size() < pushed || answers.size() < asked) {
                sort(client.take(), calls, answers);
            }
            for (int i = 0; i < asked; i++) {
                assertThat(answers.get(i)).as("seed %d", seed).isEqualTo(heard(i));
            }
            for (int i = 0; i < pushed; i++) {
                assertThat(calls.get(i)).as("seed %d", seed).contains("\"arguments\":[" + i + ",");
            }
            // Nothing comes after that but what is not counted.
            rest.send(hub, "", "last", "[]");
            assertThat(client.take()).as("seed %d", seed).isEqualTo(call("last", "[]"));
        }
    }

    private static void sort(String message, List<String> calls, List<String> answers) {
        (message.startsWith("{\"type\":3") ? answers : calls).add(message);
    }

    @Test
    void theServerAcknowledgesWhatItHasAndAgainAfterAReturn() {
        try (var client = ReturningClient.open(server, "acks")) {
            client.call(invocation(0));
            client.call(invocation(1));
            assertThat(acknowledgement(client)).isEqualTo(2);
            client.lose();
            client.comeBack();
            assertThat(acknowledgement(client)).isEqualTo(2);
        }
    }

    private static long acknowledgement(ReturningClient client) {
        String message = client.next();
        while (!message.startsWith("{\"type\":8")) {
            message = client.next();
        }
        return ReturningClient.number(message);
    }

    @Test
    void everyMessageIsSentAgainUntilItIsAcknowledged() {
        try (var client = ReturningClient.open(server, "again");
                var rest = server.rest()) {
            for (int i = 1; i <= 3; i++) {
                rest.send("again", "", "t", "[" + i + "]");
                assertThat(client.take()).isEqualTo(call("t", "[" + i + "]"));
            }
            client.acknowledge(1);
            client.call(invocation(0));
            assertThat(client.take()).as("so the acknowledgement is in, too").isEqualTo(heard(0));
            client.lose();
            client.connect();
            assertThat(client.next()).isEqualTo("{\"type\":9,\"sequenceId\":2}");
            assertThat(client.next()).isEqualTo(call("t", "[2]"));
            assertThat(client.next()).isEqualTo(call("t", "[3]"));
            assertThat(client.next()).isEqualTo(heard(0));
        }
    }

    @Test
    void theNumbersInMessagePackOnTheWire() {
        try (var client = ReturningClient.upgraded(server, "packed");
                var rest = server.rest()) {
            client.raw().binary("{\"protocol\":\"messagepack\",\"version\":2}\36".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.raw().read().text()).isEqualTo(HubClient.ACCEPTED);
            rest.send("packed", "", "t", "[1]");
            byte[] call = {9, (byte) 0x96, 1, (byte) 0x80, (byte) 0xC0, (byte) 0xA1, 't', (byte) 0x91, 1, (byte) 0x90};
            assertThat(packed(client)).isEqualTo(call);
            client.lose();
            client.connect();
            byte[] fromOne = {3, (byte) 0x92, 9, 1};
            assertThat(packed(client)).isEqualTo(fromOne);
            assertThat(packed(client)).isEqualTo(call);
            client.raw().binary(fromOne);
            // CancelInvocation "1", which has a number; Ping, which has none; the Ack for our call.
            client.raw().binary((byte) 5, (byte) 0x93, (byte) 5, (byte) 0x80, (byte) 0xA1, (byte) '1');
            client.raw().binary((byte) 2, (byte) 0x91, (byte) 6, (byte) 3, (byte) 0x92, (byte) 8, (byte) 1);
            assertThat(packed(client)).isEqualTo(new byte[] {3, (byte) 0x92, 8, 1});
            client.lose();
            client.connect();
            assertThat(packed(client)).isEqualTo(new byte[] {3, (byte) 0x92, 9, 2});
        }
    }

    /** The next message that is not a ping. */
    private static byte[] packed(ReturningClient client) {
        byte[] message = client.raw().read().payload();
        return message.length == 3 ? packed(client) : message;
    }

    @Test
    void nothingCountsBeforeTheClientHasSaidWhereItGoesOn() {
        try (var client = ReturningClient.open(server, "silent")) {
            client.call(invocation(0));
            assertThat(client.take()).isEqualTo(heard(0));
            client.lose();
            client.connect();
            client.say(invocation(7));
            client.sequence(1);
            client.say(invocation(0));
            client.say(invocation(1));
            assertThat(client.take()).isEqualTo(heard(1));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, Long.MAX_VALUE})
    void numbersThatCannotBeTrueEndTheConnection(long number) {
        try (var client = ReturningClient.open(server, "wrong")) {
            client.call(invocation(0));
            assertThat(client.take()).isEqualTo(heard(0));
            client.lose();
            client.connect();
            client.sequence(number);
            assertThat(client.take()).isEqualTo("{\"type\":7,\"error\":\"Connection closed with an error.\"}");
            assertThat(client.raw().readClose().closeCode()).isEqualTo(1007);
            await().untilAsserted(() -> assertThat(client.statusOfReturn(null)).isEqualTo(404));
        }
    }

    @Test
    void anAcknowledgementOfWhatWasNeverSentEndsTheConnection() {
        try (var client = ReturningClient.open(server, "wrongack")) {
            client.acknowledge(1);
            assertThat(client.take()).isEqualTo("{\"type\":7,\"error\":\"Connection closed with an error.\"}");
        }
    }

    @Test
    void theLatestWebSocketSpeaksAndTheOneBeforeIsEnded() {
        try (var client = ReturningClient.open(server, "latest");
                var rest = server.rest()) {
            RawWebSocket first = client.raw();
            client.comeBack();
            assertThat(first.readClose().closeCode()).isEqualTo(1000);
            first.text(invocation(9) + HubClient.END); // nobody listens there any more
            RawWebSocket second = client.raw();
            client.comeBack();
            assertThat(second.readText()).startsWith("{\"type\":9");
            assertThat(second.readClose().closeCode()).isEqualTo(1000);
            rest.send("latest", "", "t", "[1]");
            assertThat(client.take()).isEqualTo(call("t", "[1]"));
            assertThat(server.connections("latest")).isEqualTo(1);
            first.close();
            second.close();
        }
    }

    @Test
    void takeoversOfManyAtOnceLeaveOneWriter() throws Exception {
        try (var client = ReturningClient.open(server, "storm");
                var rest = server.rest()) {
            rest.send("storm", "", "t", "[0]");
            assertThat(client.take()).isEqualTo(call("t", "[0]"));
            List<Thread> threads = new ArrayList<>();
            List<RawWebSocket> sockets = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 8; i++) {
                threads.add(Thread.startVirtualThread(() ->
                        sockets.add(RawWebSocket.connect(server.port(), client.target(), server.bearer("storm")))));
            }
            for (Thread thread : threads) {
                thread.join(5000);
            }
            client.comeBack();
            rest.send("storm", "", "t", "[1]");
            assertThat(client.take()).isEqualTo(call("t", "[1]"));
            assertThat(sockets).hasSize(8);
            for (RawWebSocket socket : sockets) {
                RawWebSocket.Frame frame = socket.read();
                if (frame.opcode() == 1) { // this one spoke for the client for a moment; others were overtaken at once
                    assertThat(frame.text()).isEqualTo("{\"type\":9,\"sequenceId\":1}" + HubClient.END);
                    assertThat(socket.readText()).isEqualTo(call("t", "[0]") + HubClient.END);
                    frame = socket.readClose();
                }
                assertThat(frame.closeCode()).isEqualTo(1000);
                socket.close();
            }
        }
    }

    @Test
    void onlyTheUserWhoNegotiatedComesBack() {
        var ann = SignalRClaims.user("ann");
        try (var client = ReturningClient.open(server, "mine", ann)) {
            assertThat(client.statusOfReturn(server.bearer("mine", SignalRClaims.user("eve"))))
                    .isEqualTo(404);
            assertThat(client.statusOfReturn(server.bearer("mine"))).isEqualTo(404);
            assertThat(client.statusOfReturn("Authorization: Bearer x")).isEqualTo(401);
            client.call(invocation(0));
            assertThat(client.take()).as("the connection is as it was").isEqualTo(heard(0));
            client.lose();
            client.comeBack();
        }
    }

    @Test
    void withoutTheGrantALostClientIsGone() {
        HubClient.Negotiated plain = HubClient.negotiated(server, "plain");
        try (var client = HubClient.upgraded(server, "plain", plain)) {
            client.socket.text(ReturningClient.JSON);
            assertThat(client.socket.readText()).isEqualTo(HubClient.ACCEPTED);
            client.socket.reset();
            await().until(() -> server.connections("plain") == 0);
        }
    }

    @Test
    void withProtocolVersionOneALostClientIsGone() {
        try (var client = ReturningClient.upgraded(server, "old")) {
            client.raw().text(HubClient.JSON);
            assertThat(client.raw().readText()).isEqualTo(HubClient.ACCEPTED);
            client.lose();
            await().until(() -> server.connections("old") == 0);
            assertThat(client.statusOfReturn(null)).isEqualTo(404);
        }
    }

    @Test
    void aClientThatClosesInOrderIsGoneAtOnceAndItsTokenWithIt() {
        try (var client = ReturningClient.open(server, "order")) {
            client.raw().sendClose(1000, "");
            await().until(() -> server.connections("order") == 0);
            assertThat(client.statusOfReturn(null)).isEqualTo(404);
        }
    }

    @Test
    void afterTheWindowTheConnectionIsGoneAndThatIsCountedOnce() {
        try (var its = quick().set("signalr.client.reconnect.window=300ms").start();
                var client = ReturningClient.open(its, "window")) {
            client.lose();
            await().until(() -> its.connections("window") == 0);
            assertThat(its.closed("Normal")).isEqualTo(1);
            assertThat(client.statusOfReturn(null)).isEqualTo(404);
        }
    }

    @Test
    void aDeadLineIsLeftAfterTheTimeoutAndTheClientMayStillComeBack() {
        try (var its = TestTidewire.with()
                        .keepAlive(Duration.ofMillis(500))
                        .clientTimeout(Duration.ofMillis(300), false)
                        .start();
                var client = ReturningClient.open(its, "dead");
                var rest = its.rest()) {
            RawWebSocket dead = client.raw();
            assertThat(dead.readClose().closeCode()).isEqualTo(1001);
            rest.send("dead", "", "t", "[1]");
            client.comeBack();
            assertThat(client.take()).isEqualTo(call("t", "[1]"));
            assertThat(its.closed("PingTimeout")).isZero();
            dead.close();
        }
    }

    @Test
    void aDeadLineWhoseClientStaysAwayIsAPingTimeout() {
        try (var its = TestTidewire.with()
                        .clientTimeout(Duration.ofMillis(300), false)
                        .set("signalr.client.reconnect.window=300ms")
                        .start();
                var client = ReturningClient.open(its, "dead")) {
            await().until(() -> its.closed("PingTimeout") == 1);
            assertThat(client.statusOfReturn(null)).isEqualTo(404);
        }
    }

    @Test
    void aCloseOverRestReachesTheClientOrEndsItsAbsence() {
        try (var there = ReturningClient.open(server, "rest");
                var away = ReturningClient.open(server, "rest");
                var rest = server.rest()) {
            away.lose();
            for (var client : List.of(there, away)) {
                assertThat(rest.call(
                                        "DELETE",
                                        "/api/v1/hubs/rest/connections/" + client.connectionId + "?reason=enough")
                                .status())
                        .isBetween(200, 202);
            }
            assertThat(there.take()).isEqualTo("{\"type\":7,\"error\":\"enough\",\"allowReconnect\":true}");
            await().until(() -> server.connections("rest") == 0);
            assertThat(there.statusOfReturn(null)).isEqualTo(404);
            assertThat(away.statusOfReturn(null)).isEqualTo(404);
        }
    }

    @Test
    void aStopDoesNotWaitForThoseWhoAreAway() {
        var its = quick().start();
        try (var client = ReturningClient.open(its, "stop")) {
            client.lose();
            its.close();
        }
    }

    @Test
    void whoMissesMoreThanTheBoundWhileAwayIsClosedAsSlow() {
        try (var its = quick().set("signalr.client.reconnect.maxReplayBytes=4KiB")
                        .start();
                var client = ReturningClient.open(its, "bound");
                var rest = its.rest()) {
            client.lose();
            String large = "[\"" + "x".repeat(1500) + "\"]";
            // A message written before the loss is noticed is forgotten, as for a client that is there.
            while (its.closed("SlowClient") == 0) {
                rest.send("bound", "", "t", large);
            }
            assertThat(its.connections("bound")).isZero();
            assertThat(client.statusOfReturn(null)).isEqualTo(404);
        }
    }

    @Test
    void whoIsThereReceivesMoreThanTheBoundAndMayComeBackWhenItHasIt() {
        try (var its = quick().set("signalr.client.reconnect.maxReplayBytes=4KiB")
                        .start();
                var client = ReturningClient.open(its, "flow");
                var rest = its.rest()) {
            String large = "[\"" + "x".repeat(1500) + "\"]";
            for (int i = 0; i < 20; i++) {
                rest.send("flow", "", "t", large);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(client.take()).isEqualTo(call("t", large));
            }
            client.lose();
            client.comeBack();
            rest.send("flow", "", "t", "[1]");
            assertThat(client.take()).isEqualTo(call("t", "[1]"));
        }
    }

    @Test
    void whoLostWhatIsForgottenSeesTheGap() {
        try (var its = quick().set("signalr.client.reconnect.maxReplayBytes=4KiB")
                        .start();
                var client = ReturningClient.open(its, "gap");
                var rest = its.rest()) {
            for (int i = 0; i < 20; i++) {
                rest.send("gap", "", "t", "[\"" + "x".repeat(1500) + "\"]");
            }
            client.comeBack();
            assertThatThrownBy(client::take).hasMessageContaining("a gap");
        }
    }

    /** Who is there needs nothing that is kept; who is away has to be told that it missed something. */
    @Test
    void whatIsKeptForAllIsBoundedAndCountedOnceHoweverManyKeepIt() {
        try (var its = quick().set("network.maxBufferedBytes=128KiB").start();
                var ann = ReturningClient.open(its, "all");
                var bob = ReturningClient.open(its, "all");
                var rest = its.rest()) {
            String large = "[\"" + "x".repeat(10_000) + "\"]";
            for (int i = 0; i < 5; i++) {
                rest.send("all", "", "t", large);
            }
            assertThat(its.metric("tidewire_buffered_bytes")).isBetween(50_000.0, 64 * 1024.0);
            for (int i = 0; i < 15; i++) {
                rest.send("all", "", "t", large);
            }
            assertThat(its.metric("tidewire_buffered_bytes")).isLessThanOrEqualTo(64 * 1024);
            for (int i = 0; i < 20; i++) {
                assertThat(ann.take()).isEqualTo(call("t", large));
                assertThat(bob.take()).isEqualTo(call("t", large));
            }

            ann.lose();
            bob.lose();
            while (its.closed("SlowClient") < 2) {
                rest.send("all", "", "t", large);
            }
            await().until(() -> its.metric("tidewire_buffered_bytes") == 0);
        }
    }
}
