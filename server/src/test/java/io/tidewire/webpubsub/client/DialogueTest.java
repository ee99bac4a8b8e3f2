package io.tidewire.webpubsub.client;

import static io.tidewire.webpubsub.client.PubSubClient.MAY_ALL;
import static io.tidewire.webpubsub.client.PubSubClient.ack;
import static io.tidewire.webpubsub.client.PubSubClient.failed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidewire.auth.Claim;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Permission;
import io.tidewire.transport.RawWebSocket;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What clients of a subprotocol say, and what becomes of it (reference D.3 to D.5, E). */
class DialogueTest {
    private ClientServer server;

    @BeforeEach
    void start() {
        server = ClientServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String join(String group, long ackId) {
        return "{\"type\":\"joinGroup\",\"group\":\"" + group + "\",\"ackId\":" + Long.toUnsignedString(ackId) + "}";
    }

    private static String send(String group, String more) {
        return "{\"type\":\"sendToGroup\",\"group\":\"" + group + "\",\"dataType\":\"text\",\"data\":\"hi\"" + more
                + "}";
    }

    private static ServiceMessage.FromServer text(String text) {
        return new ServiceMessage.FromServer(new Payload(DataType.TEXT, text.getBytes(UTF_8)), Metadata.NONE, 0);
    }

    @Test
    void aGroupsMembersGetWhatIsSentToItAndTheSenderOnlyWithEcho() {
        try (var ann = PubSubClient.open(server, "chat", Claim.of("sub", "ann"), MAY_ALL)
                        .join("g", 1);
                var eve = PubSubClient.open(server, "chat", MAY_ALL).join("g", 1)) {
            ann.say(send("g", ",\"ackId\":2"));
            assertThat(List.of(ann.hear(), ann.hear()))
                    .contains(ack(2))
                    .anyMatch(it -> it.contains("\"fromUserId\":\"ann\""));
            assertThat(eve.hear())
                    .contains("\"from\":\"group\"", "\"group\":\"g\"", "\"fromUserId\":\"ann\"", "\"data\":\"hi\"");
            ann.ask(send("g", ",\"noEcho\":true,\"ackId\":3"), ack(3));
            ann.settle();
            assertThat(eve.hear()).contains("\"data\":\"hi\"");
            eve.say(send("g", ",\"noEcho\":true"));
            assertThat(ann.hear()).as("of a sender without a user").doesNotContain("fromUserId");
            eve.ask("{\"type\":\"leaveGroup\",\"group\":\"g\",\"ackId\":4}", ack(4));
            ann.ask(send("g", ",\"noEcho\":true,\"ackId\":5"), ack(5));
            eve.settle();
        }
    }

    @Test
    void whatOneClientSaysTakesEffectInItsOrderAlsoWithoutWaiting() {
        try (var client = PubSubClient.open(server, "chat", MAY_ALL)) {
            for (int i = 0; i < 200; i++) {
                client.socket.raw(concat(
                        RawWebSocket.encode(
                                RawWebSocket.FIN | RawWebSocket.TEXT,
                                true,
                                join("g" + i, 2 * i + 1).getBytes(UTF_8)),
                        RawWebSocket.encode(
                                RawWebSocket.FIN | RawWebSocket.TEXT,
                                true,
                                send("g" + i, "").getBytes(UTF_8)),
                        RawWebSocket.encode(
                                RawWebSocket.FIN | RawWebSocket.TEXT,
                                true,
                                ("{\"type\":\"leaveGroup\",\"group\":\"g" + i + "\",\"ackId\":" + (2 * i + 2) + "}")
                                        .getBytes(UTF_8))));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(client.hear()).isEqualTo(ack(2 * i + 1));
                assertThat(client.hear()).contains("\"group\":\"g" + i + "\"").contains("\"data\":\"hi\"");
                assertThat(client.hear()).isEqualTo(ack(2 * i + 2));
            }
        }
    }

    private static byte[] concat(byte[]... parts) {
        var out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void withoutARoleNothingIsAllowedAndOnlyWhoWantsAnAckHearsOfIt() {
        try (var client = PubSubClient.open(server, "chat")) {
            client.ask(join("g", 1), failed(1, "Forbidden", "The client does not have permission to join group 'g'."));
            client.ask(
                    "{\"type\":\"leaveGroup\",\"group\":\"g\",\"ackId\":2}",
                    failed(2, "Forbidden", "The client does not have permission to leave group 'g'."));
            client.ask(
                    send("g", ",\"ackId\":3"),
                    failed(3, "Forbidden", "The client does not have permission to send to group 'g'."));
            client.say("{\"type\":\"joinGroup\",\"group\":\"g\"}");
            client.settle();
            assertThat(server.dropped).containsOnly("Forbidden").hasSize(4);
        }
    }

    @Test
    void rolesMayNameGroupsAndPatterns() {
        Claim roles = Claim.of(
                "role",
                "webpubsub.joinLeaveGroup.one",
                "webpubsub.joinLeaveGroups.room-*",
                "webpubsub.sendToGroups.**");
        try (var client = PubSubClient.open(server, "chat", roles)) {
            client.ask(join("one", 1), ack(1));
            client.ask(join("room-5", 2), ack(2));
            client.say(join("room-5.x", 3));
            assertThat(client.hear()).contains("Forbidden");
            client.say(join("One", 4));
            assertThat(client.hear()).contains("Forbidden");
            client.ask(send("any.where", ",\"ackId\":5"), ack(5));
        }
    }

    @Test
    void whatIsGrantedAndRevokedMeanwhileCountsFromThenOn() {
        try (var client = PubSubClient.open(server, "chat")) {
            Audience self = Audience.connection(client.connectionId);
            ClientServer.await(server.hub("chat").grant(self, Permission.JOIN_LEAVE_GROUP, null));
            client.ask(join("g", 1), ack(1));
            ClientServer.await(server.hub("chat").revoke(self, Permission.JOIN_LEAVE_GROUP, "g"));
            client.say(join("g", 2));
            assertThat(client.hear()).contains("Forbidden");
            client.ask(join("h", 3), ack(3));
        }
    }

    /** B11. */
    @Test
    void b11AckIdsAreAnyUnsigned64BitsAndWhatIsDoneIsNotDoneAgain() {
        try (var client = PubSubClient.open(server, "chat", MAY_ALL)) {
            client.ask(join("g", 0), ack(0));
            client.ask(join("g", -1), ack(-1));
            client.ask(join("g", 0), failed(0, "Duplicate", "Message with ack-id: 0 has been processed"));
            client.ask(
                    join("g", -1),
                    failed(-1, "Duplicate", "Message with ack-id: 18446744073709551615 has been processed"));
        }
    }

    /** B11. */
    @Test
    void b11WhatIsAskedBeforeTheClientIsConnectedIsAnsweredAfterIt() {
        try (var socket = RawWebSocket.open(server.port())) {
            String request = "GET " + server.target("chat", MAY_ALL) + " HTTP/1.1\r\n"
                    + String.join("\r\n", RawWebSocket.goodHeaders("Sec-WebSocket-Protocol: " + PubSubClient.JSON))
                    + "\r\n\r\n";
            socket.raw(concat(
                    request.getBytes(UTF_8),
                    RawWebSocket.encode(
                            RawWebSocket.FIN | RawWebSocket.TEXT,
                            true,
                            join("g", 1).getBytes(UTF_8))));
            assertThat(socket.reply().status()).isEqualTo(101);
            assertThat(socket.readText()).contains("\"event\":\"connected\"");
            assertThat(socket.readText()).isEqualTo(ack(1));
        }
    }

    @Test
    void aFailedAckIdMayBeUsedAgain() {
        try (var client = PubSubClient.open(server, "chat")) {
            client.say(join("g", 1));
            assertThat(client.hear()).contains("Forbidden");
            ClientServer.await(server.hub("chat")
                    .grant(Audience.connection(client.connectionId), Permission.JOIN_LEAVE_GROUP, null));
            client.ask(join("g", 1), ack(1));
        }
    }

    @Test
    void theLastThousandAckIdsAreRemembered() {
        try (var client = PubSubClient.open(server, "chat", MAY_ALL)) {
            for (int i = 1; i <= Acks.REMEMBERED + 1; i++) {
                client.ask(send("nobody", ",\"ackId\":" + i), ack(i));
            }
            client.ask(send("nobody", ",\"ackId\":1"), ack(1));
            client.say(send("nobody", ",\"ackId\":3"));
            assertThat(client.hear()).contains("Duplicate");
        }
    }

    @Test
    void anEventsAnswerComesBeforeItsAck() {
        server.application.outcome = event -> Application.handled(event.name().equals("quiet") ? null : "yes");
        try (var client = PubSubClient.open(server, "chat")) {
            client.say("{\"type\":\"event\",\"event\":\"ask\",\"dataType\":\"text\",\"data\":\"q\",\"ackId\":1}");
            assertThat(client.hear())
                    .isEqualTo("{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":\"yes\"}");
            assertThat(client.hear()).isEqualTo(ack(1));
            client.ask(
                    "{\"type\":\"event\",\"event\":\"quiet\",\"dataType\":\"json\",\"data\":{\"a\":1},\"ackId\":2}",
                    ack(2));
            assertThat(server.application.next()).isEqualTo("connected");
            assertThat(server.application.next()).isEqualTo("event ask TEXT q");
            assertThat(server.application.next()).isEqualTo("event quiet JSON {\"a\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEventThatFailsIsAFailedAckAndTheClientStays(boolean handler) {
        server.application.outcome = _ -> handler ? new EventOutcome.Failed() : new EventOutcome.NoHandler();
        try (var client = PubSubClient.open(server, "chat")) {
            client.ask(
                    "{\"type\":\"event\",\"event\":\"e\",\"data\":1,\"ackId\":1}",
                    failed(1, "InternalServerError", "Internal server error"));
            client.say("{\"type\":\"event\",\"event\":\"e\",\"data\":1}");
            client.settle();
        }
    }

    @Test
    void anEventThatNobodyTakesIsNamedInTheLogOnceForEachClient() {
        var log = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(Dialogue.class);
        log.start();
        logger.addAppender(log);
        server.application.outcome = _ -> new EventOutcome.NoHandler();
        try (var client = PubSubClient.open(server, "chat")) {
            client.say("{\"type\":\"event\",\"event\":\"nobodys\",\"data\":1}");
            client.say("{\"type\":\"event\",\"event\":\"nobodys\",\"data\":2}");
            client.settle();
            assertThat(List.copyOf(log.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.contains("'nobodys'"))
                    .singleElement()
                    .asString()
                    .contains("webpubsub.hubs");
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void anEventThatFailsWithoutAnAckClosesTheClientWhereThatIsSet() {
        try (var strict = ClientServer.with().closeOnFailedEvent().start()) {
            strict.application.outcome = _ -> new EventOutcome.Failed();
            try (var client = PubSubClient.open(strict, "chat")) {
                client.say("{\"type\":\"event\",\"event\":\"e\",\"data\":1,\"ackId\":1}");
                assertThat(client.hear()).contains("InternalServerError");
                client.say("{\"type\":\"event\",\"event\":\"e\",\"data\":1}");
                assertThat(client.socket.readClose().closeCode()).isEqualTo(1011);
                await().untilAsserted(() -> assertThat(strict.closed).containsExactly("SendEventFailed"));
            }
        }
    }

    @Test
    void anEventThatWaitsHoldsUpNothingElseAndItsRepetitionIsAnsweredOnce() throws Exception {
        server.application.outcome = _ -> null;
        try (var client = PubSubClient.open(server, "chat", MAY_ALL)) {
            client.say("{\"type\":\"event\",\"event\":\"slow\",\"data\":1,\"ackId\":1}");
            client.say("{\"type\":\"event\",\"event\":\"slow\",\"data\":1,\"ackId\":1}");
            client.join("g", 2);
            client.settle();
            server.application.unanswered.take().accept(Application.handled(null));
            assertThat(client.hear()).isEqualTo(ack(1));
            client.settle();
            assertThat(server.application.unanswered).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"type\":\"what\"}", "{\"type\":\"joinGroup\"}", "{\"group\":\"g\"}"})
    void whatIsNoMessageEndsTheClient(String text) {
        try (var client = PubSubClient.open(server, "chat")) {
            RawWebSocket.Frame close = client.say(text).socket.readClose();
            assertThat(close.closeCode()).isEqualTo(1007);
            assertThat(close.closeReason()).isEqualTo("The client message is not a valid JSON protocol message.");
            await().untilAsserted(() -> assertThat(server.closed).containsExactly("BadRequest"));
        }
    }

    @Test
    void binaryFramesOnATextProtocolEndTheClient() {
        try (var client = PubSubClient.open(server, "chat")) {
            assertThat(client.socket.binary((byte) 1).readClose().closeCode()).isEqualTo(1003);
        }
    }

    @Test
    void closedOverRestTheClientHearsTheReasonFirst() {
        try (var client = PubSubClient.open(server, "chat")) {
            ClientServer.await(server.hub("chat")
                    .close(Audience.connection(client.connectionId), Disconnect.byApplication("because")));
            assertThat(client.hear())
                    .isEqualTo("{\"type\":\"system\",\"event\":\"disconnected\",\"message\":\"because\"}");
            RawWebSocket.Frame close = client.socket.readClose();
            assertThat(close.closeCode()).isEqualTo(1000);
            assertThat(close.closeReason()).isEqualTo("because");
            assertThat(server.application.next()).isEqualTo("connected");
            assertThat(server.application.next()).isEqualTo("disconnected ClosedByAppServer");
        }
        try (var client = PubSubClient.open(server, "chat")) {
            ClientServer.await(
                    server.hub("chat").close(Audience.connection(client.connectionId), Disconnect.byApplication(null)));
            assertThat(client.hear()).contains("\"message\":\"Closed by REST API.\"");
        }
    }

    @Test
    void aStopTellsEveryoneAndSendsNewOnesAway() {
        try (var client = PubSubClient.open(server, "chat")) {
            server.stopClients();
            assertThat(client.hear()).contains("\"event\":\"disconnected\"").contains("Service reloading");
            assertThat(client.socket.readClose().closeCode()).isEqualTo(1001);
        }
        try (var late = RawWebSocket.connect(
                server.port(), server.target("chat"), "Sec-WebSocket-Protocol: " + PubSubClient.JSON)) {
            assertThat(late.readClose().closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void theApplicationHearsOfEveryGroupThatAClientEntersAndLeaves() {
        try (var client = PubSubClient.open(server, "chat", MAY_ALL, Claim.of("webpubsub.group", "first"))) {
            client.join("second", 1);
            client.ask("{\"type\":\"leaveGroup\",\"group\":\"second\",\"ackId\":2}", ack(2));
            ClientServer.await(server.hub("chat").join(Audience.connection(client.connectionId), "third"));
            for (String told :
                    new String[] {"connected", "joined first", "joined second", "left second", "joined third"}) {
                assertThat(server.application.next()).isEqualTo(told);
            }
            client.socket.sendClose(1000, "");
            assertThat(new String[] {server.application.next(), server.application.next()})
                    .containsExactlyInAnyOrder("left first", "left third");
            assertThat(server.application.next()).isEqualTo("disconnected Normal");
        }
    }

    @Test
    void aServersMessageReachesTheClient() {
        try (var client = PubSubClient.open(server, "chat", Claim.of("sub", "ann"))) {
            ClientServer.await(server.hub("chat").send(Audience.user("ann"), text("to ann")));
            assertThat(client.hear())
                    .isEqualTo("{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":\"to ann\"}");
        }
    }

    /** B18. */
    @Test
    void b18NamesThatCanNotBeAreRefusedWithTheRule() {
        try (var client = PubSubClient.open(server, "chat", MAY_ALL)) {
            client.say(join("g".repeat(1025), 1));
            assertThat(client.hear()).contains("BadRequest", "1024");
            client.say(join(" ", 2));
            assertThat(client.hear()).contains("BadRequest");
            client.ask(join("g".repeat(1024), 3), ack(3));
            client.ask(join("a/../%2F", 4), ack(4));
            client.say("{\"type\":\"event\",\"event\":\"no name\",\"data\":1,\"ackId\":5}");
            assertThat(client.hear()).contains("BadRequest");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"ping\"}", "{\"type\":\"sequenceAck\",\"sequenceId\":1}"})
    void whatCarriesNothingIsBounded(String text) {
        try (var bounded = ClientServer.with().webSocket(1 << 20, 1 << 20, 20).start();
                var client = PubSubClient.open(bounded, "chat")) {
            for (int i = 0; i < 21; i++) {
                client.say(text);
            }
            RawWebSocket.Frame frame = client.socket.read();
            while (frame.opcode() == RawWebSocket.TEXT) {
                frame = client.socket.read();
            }
            assertThat(frame.closeCode()).isEqualTo(1008);
            await().untilAsserted(() -> assertThat(bounded.closed).containsExactly("Throttled"));
        }
    }

    @Test
    void aSequenceAckOnAConnectionWithoutNumbersChangesNothing() {
        try (var client = PubSubClient.open(server, "chat")) {
            client.say("{\"type\":\"sequenceAck\",\"sequenceId\":1}");
            client.settle();
        }
    }

    /** Each membership takes memory, and a client that may join every group could take all of it. */
    @Test
    void aClientThatIsInManyGroupsJoinsNoMoreByItself() {
        try (var small = ClientServer.with().maxGroups(2).start();
                var client = PubSubClient.open(small, "chat", MAY_ALL)) {
            client.join("a", 1).join("b", 2);
            String full = "The client is in 2 groups already; the limit is 2 (webpubsub.client.maxGroups).";
            client.ask(join("c", 3), failed(3, "BadRequest", full));
            client.join("b", 4);
            client.ask("{\"type\":\"leaveGroup\",\"group\":\"a\",\"ackId\":5}", ack(5));
            client.join("c", 3);
            ClientServer.await(small.hub("chat").join(Audience.connection(client.connectionId), "d"));
        }
    }
}
