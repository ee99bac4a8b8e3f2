package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.auth.Claim;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Permission;
import io.tidewire.transport.RawWebSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streaming messages from publisher to subscribers (reference D.7), with what the vendor's client relies on. */
class StreamsOnTheWireTest {
    private static ClientServer server;

    @BeforeAll
    static void start() {
        server = ClientServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String begin(String id) {
        return "{\"type\":\"sendToGroup\",\"group\":\"g\",\"stream\":{\"streamId\":\"" + id + "\"}}";
    }

    private static String begin(String id, long idleMillis) {
        return "{\"type\":\"sendToGroup\",\"group\":\"g\",\"stream\":{\"streamId\":\"" + id + "\",\"idleTimeoutMs\":"
                + idleMillis + "}}";
    }

    private static String data(String id, long number) {
        return "{\"type\":\"streamData\",\"streamId\":\"" + id + "\",\"streamSequenceId\":" + number
                + ",\"dataType\":\"text\",\"data\":\"m" + number + "\"}";
    }

    private static String end(String id) {
        return "{\"type\":\"streamEnd\",\"streamId\":\"" + id + "\"}";
    }

    private static String streamAck(String id, long expected) {
        return "{\"type\":\"streamAck\",\"streamId\":\"" + id + "\",\"expectedSequenceId\":" + expected + "}";
    }

    private static String closed(String id) {
        return "{\"type\":\"streamClosed\",\"streamId\":\"" + id + "\"}";
    }

    private static String closed(String id, String name, String message) {
        return "{\"type\":\"streamClosed\",\"streamId\":\"" + id + "\",\"error\":{\"name\":\"" + name
                + "\",\"message\":\"" + message + "\"}}";
    }

    private static String message(@Nullable String from, String id, long number) {
        return part(from, id, number, "", "m" + number);
    }

    private static String part(@Nullable String from, String id, long number, String rest, String data) {
        return "{\"type\":\"message\",\"from\":\"group\",\"group\":\"g\","
                + (from == null ? "" : "\"fromUserId\":\"" + from + "\",")
                + "\"stream\":{\"streamId\":\"" + id + "\",\"streamSequenceId\":" + number + rest
                + "},\"dataType\":\"text\",\"data\":\"" + data + "\"}";
    }

    private static String last(String id, long number) {
        return part(null, id, number, ",\"endOfStream\":true", "");
    }

    private static String broken(String id, long number, String name, String message) {
        return part(
                null,
                id,
                number,
                ",\"endOfStream\":true,\"error\":{\"name\":\"" + name + "\",\"message\":\"" + message + "\"}",
                "");
    }

    private static PubSubClient publisher(String hub) {
        return PubSubClient.open(server, hub, PubSubClient.MAY_ALL);
    }

    private static PubSubClient subscriber(String hub) {
        return PubSubClient.open(server, hub, PubSubClient.MAY_ALL).join("g", 1);
    }

    @Test
    void aStreamGoesFromItsPublisherToTheMembersOfTheGroup() {
        try (var member = subscriber("whole");
                var ann = PubSubClient.open(server, "whole", PubSubClient.MAY_ALL, Claim.of("sub", "ann"))) {
            ann.ask(begin("s"), streamAck("s", 1));
            ann.say(data("s", 1)).say(data("s", 2)).say(end("s"));
            assertThat(member.hear()).isEqualTo(message("ann", "s", 1));
            assertThat(member.hear()).isEqualTo(message("ann", "s", 2));
            assertThat(member.hear()).isEqualTo(part("ann", "s", 3, ",\"endOfStream\":true", ""));
            assertThat(ann.hear()).isEqualTo(streamAck("s", 3));
            assertThat(ann.hear()).isEqualTo(closed("s"));
        }
    }

    @Test
    void whatIsAcknowledgedLateIsAcknowledgedWithoutAnEnd() {
        try (var publisher = publisher("late")) {
            publisher.ask(begin("s"), streamAck("s", 1));
            publisher.say(data("s", 1)).say(data("s", 2));
            assertThat(publisher.hear()).isEqualTo(streamAck("s", 3));
        }
    }

    /** Frames of an unfinished stream, and its end, are nothing that a client of plain data could not read. */
    @Test
    void aSimpleClientGetsTheDataAndNoEnd() {
        String target = server.target("simple", Claim.of("webpubsub.group", "g"));
        try (var simple = RawWebSocket.connect(server.port(), target);
                var publisher = publisher("simple")) {
            await().until(() -> ClientServer.await(server.hub("simple").exists(Audience.group("g"))));
            publisher.ask(begin("s"), streamAck("s", 1));
            publisher.say(data("s", 1)).say(end("s"));
            publisher.say("{\"type\":\"sendToGroup\",\"group\":\"g\",\"dataType\":\"text\",\"data\":\"plain\"}");
            assertThat(simple.readText()).isEqualTo("m1");
            assertThat(simple.readText()).isEqualTo("plain");
        }
    }

    @Test
    void aPublisherThatIsAMemberGetsItsOwnStreamUnlessItWantsNoEcho() {
        try (var publisher = subscriber("echo")) {
            publisher.ask(
                    "{\"type\":\"sendToGroup\",\"group\":\"g\",\"noEcho\":true,\"stream\":{\"streamId\":\"quiet\"}}",
                    streamAck("quiet", 1));
            publisher.say(data("quiet", 1)).say(end("quiet"));
            assertThat(publisher.hear()).isEqualTo(streamAck("quiet", 2));
            assertThat(publisher.hear()).isEqualTo(closed("quiet"));
            publisher.ask(begin("loud"), streamAck("loud", 1));
            publisher.say(data("loud", 1));
            assertThat(publisher.hear()).isEqualTo(message(null, "loud", 1));
        }
    }

    @Test
    void whoMayNotSendToTheGroupStreamsNothing() {
        try (var publisher = PubSubClient.open(server, "mayNot")) {
            publisher.ask(begin("s"), closed("s", "Forbidden", "The client may not send to group 'g'."));
        }
        await().untilAsserted(() -> assertThat(server.dropped).contains("StreamForbidden"));
    }

    @Test
    void aRightThatIsTakenAwayEndsTheStreamOnBothSides() {
        try (var member = subscriber("revoked");
                var publisher = publisher("revoked")) {
            publisher.ask(begin("s"), streamAck("s", 1));
            ClientServer.await(server.hub("revoked")
                    .revoke(Audience.connection(publisher.connectionId), Permission.SEND_TO_GROUP, null));
            publisher.ask(data("s", 1), closed("s", "Forbidden", "The client may not send to group 'g'."));
            assertThat(member.hear()).isEqualTo(broken("s", 1, "Forbidden", "The client may not send to group 'g'."));
        }
    }

    @Test
    void silenceEndsTheStreamOnBothSides() {
        try (var member = subscriber("idle");
                var publisher = publisher("idle")) {
            publisher.ask(begin("s", 50), streamAck("s", 1));
            assertThat(publisher.hear()).isEqualTo(closed("s", "IdleTimeout", "Nothing came for 50 ms."));
            assertThat(member.hear()).isEqualTo(broken("s", 1, "IdleTimeout", "Nothing came for 50 ms."));
        }
    }

    @Test
    void anErrorOfThePublisherReachesTheMembers() {
        try (var member = subscriber("failing");
                var publisher = publisher("failing")) {
            publisher.ask(begin("s"), streamAck("s", 1));
            publisher.ask(
                    "{\"type\":\"streamEnd\",\"streamId\":\"s\",\"error\":{\"message\":\"out of ink\","
                            + "\"userErrorCode\":\"E7\"}}",
                    closed("s"));
            assertThat(member.hear())
                    .isEqualTo(part(
                            null,
                            "s",
                            1,
                            ",\"endOfStream\":true,\"error\":{\"name\":\"UserError\",\"message\":\"out of ink\","
                                    + "\"userErrorCode\":\"E7\"}",
                            ""));
        }
    }

    @Test
    void thePublishersEndIsTheEndOfItsStreams() {
        try (var member = subscriber("gone");
                var publisher = publisher("gone")) {
            publisher.ask(begin("s"), streamAck("s", 1));
            publisher.say(data("s", 1));
            assertThat(member.hear()).isEqualTo(message(null, "s", 1));
            publisher.lose();
            assertThat(member.hear()).isEqualTo(broken("s", 2, "Cancelled", "The publisher has gone."));
        }
    }

    /** Reliability B12. */
    @Test
    void gapsDuplicatesReusedIdsNoIdleTimeAndTenThousandStreams() {
        try (var member = subscriber("b12");
                var publisher = publisher("b12")) {
            publisher.ask(begin("s"), streamAck("s", 1));
            publisher.ask(
                    data("s", 2),
                    "{\"type\":\"streamNack\",\"streamId\":\"s\",\"name\":\"InvalidSequenceId\",\"message\":"
                            + "\"Number 1 comes next.\",\"expectedSequenceId\":1}");
            publisher.say(data("s", 1)).say(data("s", 1));
            assertThat(publisher.hear()).isEqualTo(streamAck("s", 2));
            publisher.ask(begin("s"), closed("s", "BadRequest", "The stream 's' is open already."));
            assertThat(member.hear()).isEqualTo(message(null, "s", 1));
            assertThat(member.hear()).isEqualTo(broken("s", 2, "Cancelled", "The publisher began it again."));

            publisher.ask(
                    begin("never", 0),
                    closed(
                            "never",
                            "BadRequest",
                            "idleTimeoutMs must be between 1 and 1800000 (webpubsub.client.streams.maxIdle)."));
            for (int i = 0; i < 10_000; i++) {
                publisher.ask(
                        begin("s" + i),
                        i < 100
                                ? streamAck("s" + i, 1)
                                : closed(
                                        "s" + i,
                                        "BadRequest",
                                        "100 streams are open already, the limit (webpubsub.client.streams.maxOpen)."));
            }
            publisher.settle();
            publisher.ask(data("none", 1), closed("none", "StreamNotFound", "There is no such stream."));
        }
    }

    /** The vendor's client repeats what it has not seen acknowledged, when it reads {@code connected} again. */
    @Test
    void aStreamGoesOnAfterARecovery() {
        try (var member = subscriber("recovered");
                var publisher = PubSubClient.reliable(server, "recovered", PubSubClient.MAY_ALL)) {
            publisher.ask(begin("s"), streamAck("s", 1));
            publisher.say(data("s", 1)).say(data("s", 2));
            assertThat(publisher.hear()).isEqualTo(streamAck("s", 3));
            publisher.lose();
            publisher.comeBack();
            assertThat(publisher.hear()).isEqualTo(streamAck("s", 3));
            assertThat(publisher.hear())
                    .contains("\"event\":\"connected\"", publisher.connectionId, "\"reconnectionToken\":");
            publisher.say(data("s", 2)).say(data("s", 3)).say(end("s"));
            assertThat(publisher.hear()).isEqualTo(streamAck("s", 4));
            assertThat(publisher.hear()).isEqualTo(closed("s"));
            for (int i = 1; i <= 3; i++) {
                assertThat(member.hear()).isEqualTo(message(null, "s", i));
            }
            assertThat(member.hear()).isEqualTo(last("s", 4));

            // The end may have been lost with the WebSocket, and comes again.
            publisher.ask(end("s"), closed("s"));
        }
    }

    @Test
    void whoNeverStreamedIsNotGreetedTwice() {
        try (var client = PubSubClient.reliable(server, "greeted", PubSubClient.MAY_ALL)) {
            client.lose();
            client.comeBack();
            client.settle();
        }
    }

    /** They carry nothing, so they count as pings do. */
    @Test
    void aFloodOfKeepAlivesEndsTheClient() {
        try (var calm = ClientServer.with().webSocket(1 << 20, 1 << 20, 10).start();
                var publisher = PubSubClient.open(calm, "flood", PubSubClient.MAY_ALL)) {
            publisher.ask(begin("s"), streamAck("s", 1));
            for (int i = 0; i < 100; i++) {
                publisher.say("{\"type\":\"streamData\",\"streamId\":\"s\"}");
            }
            await().untilAsserted(() -> assertThat(calm.closed).containsExactly("Throttled"));
        }
    }
}
