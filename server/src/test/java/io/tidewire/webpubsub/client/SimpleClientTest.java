package io.tidewire.webpubsub.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.auth.Claim;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Permission;
import io.tidewire.transport.RawWebSocket;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients without a subprotocol of ours (reference D.2). */
class SimpleClientTest {
    private static final Claim MAY_SEND = Claim.of("role", "webpubsub.sendToGroup.g");
    private static final Claim MEMBER = Claim.of("webpubsub.group", "g");

    private ClientServer server;

    @BeforeEach
    void start() {
        server = ClientServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawWebSocket client(String query, Claim... claims) {
        RawWebSocket socket = RawWebSocket.connect(server.port(), server.target("chat", claims) + query);
        while (!server.application.next().equals("connected")) {
            // joined, of the one before
        }
        return socket;
    }

    @Test
    void eachFrameIsAnEventAndItsAnswerComesAsAFrame() {
        server.application.outcome = event -> event.data().type() == DataType.TEXT
                ? Application.handled("pong")
                : new EventOutcome.Handled(new Payload(DataType.BINARY, new byte[] {7}), Metadata.NONE);
        try (var client = client("")) {
            assertThat(client.text("ping").readText()).isEqualTo("pong");
            assertThat(server.application.next()).isEqualTo("event message TEXT ping");
            RawWebSocket.Frame binary = client.binary((byte) 'b').read();
            assertThat(binary.opcode()).isEqualTo(RawWebSocket.BINARY);
            assertThat(binary.payload()).containsExactly(7);
            assertThat(server.application.next()).isEqualTo("event message BINARY b");
        }
    }

    /** Its handshake is all that it is told. */
    @Test
    void whoHasItsHandshakeReceives() {
        var groups = new String[100];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = "g" + i;
        }
        var message =
                new ServiceMessage.FromServer(new Payload(DataType.TEXT, "hello".getBytes(UTF_8)), Metadata.NONE, 0);
        for (int i = 0; i < 50; i++) {
            String user = "u" + i;
            Claim many = new Claim("webpubsub.group", java.util.List.of(groups));
            try (var socket = RawWebSocket.connect(server.port(), server.target("chat", Claim.of("sub", user), many))) {
                var _ = server.hub("chat").send(Audience.user(user), message);
                assertThat(socket.readText()).isEqualTo("hello");
            }
        }
    }

    @Test
    void whatIsSaidBeforeTheClientIsInIsHeardInItsOrder() {
        server.application.outcome =
                event -> Application.handled(new String(event.data().bytes(), UTF_8));
        try (var socket = RawWebSocket.open(server.port())) {
            var all = new java.io.ByteArrayOutputStream();
            all.writeBytes(("GET " + server.target("chat", Claim.of("sub", "u")) + " HTTP/1.1\r\n"
                            + String.join("\r\n", RawWebSocket.goodHeaders()) + "\r\n\r\n")
                    .getBytes(UTF_8));
            for (int i = 0; i < 50; i++) {
                all.writeBytes(RawWebSocket.encode(
                        RawWebSocket.FIN | RawWebSocket.TEXT,
                        true,
                        Integer.toString(i).getBytes(UTF_8)));
            }
            socket.raw(all.toByteArray());
            assertThat(socket.reply().status()).isEqualTo(101);
            for (int i = 0; i < 50; i++) {
                assertThat(socket.readText()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void anEventThatNobodyHandlesEndsTheClient() {
        server.application.outcome = _ -> new EventOutcome.NoHandler();
        try (var client = client("")) {
            assertThat(client.text("x").readClose().closeCode()).isEqualTo(1011);
            await().untilAsserted(() -> assertThat(server.closed).containsExactly("EventHandlerNotFound"));
        }
    }

    @Test
    void anEventThatFailsEndsTheClient() {
        server.application.outcome = _ -> new EventOutcome.Failed();
        try (var client = client("")) {
            assertThat(client.text("x").readClose().closeCode()).isEqualTo(1011);
            await().untilAsserted(() -> assertThat(server.closed).containsExactly("SendEventFailed"));
        }
    }

    @Test
    void inTheOtherModeEachFrameGoesToTheGroup() {
        try (var sender = client("&webpubsub_mode=sendToGroup&group=g", MAY_SEND, MEMBER);
                var quiet = client("&webpubsub_mode=sendToGroup&group=g&noEcho=true", MAY_SEND, MEMBER)) {
            sender.text("hello");
            assertThat(sender.readText()).isEqualTo("hello");
            assertThat(quiet.readText()).isEqualTo("hello");
            quiet.binary((byte) 1);
            assertThat(sender.read().payload()).containsExactly(1);
            sender.text("next");
            assertThat(quiet.readText()).as("without its own").isEqualTo("next");
        }
    }

    @Test
    void whoMayNotSendToTheGroupIsClosedWithTheFrameThatTries() {
        try (var client = client("&webpubsub_mode=sendToGroup&group=g", MAY_SEND)) {
            client.text("fine");
            client.ping();
            assertThat(client.read().opcode()).isEqualTo(RawWebSocket.PONG);
            ClientServer.await(server.hub("chat").revoke(Audience.all(), Permission.SEND_TO_GROUP, "g"));
            RawWebSocket.Frame close = client.text("too late").readClose();
            assertThat(close.closeCode()).isEqualTo(1008);
            await().untilAsserted(() -> assertThat(server.closed).containsExactly("Unauthorized"));
        }
    }

    @Test
    void itHearsBareDataAndNoWordsOfOurs() {
        try (var client = client("", MEMBER)) {
            for (DataType type : DataType.values()) {
                ClientServer.await(server.hub("chat")
                        .send(
                                Audience.group("g"),
                                new ServiceMessage.FromGroup(
                                        "g",
                                        null,
                                        new Payload(type, "\"x\"".getBytes(UTF_8)),
                                        Metadata.NONE,
                                        0,
                                        null)));
                RawWebSocket.Frame frame = client.read();
                assertThat(frame.text()).isEqualTo("\"x\"");
                assertThat(frame.opcode())
                        .isEqualTo(
                                type == DataType.JSON || type == DataType.TEXT
                                        ? RawWebSocket.TEXT
                                        : RawWebSocket.BINARY);
            }
            ClientServer.await(server.hub("chat").close(Audience.all(), Disconnect.byApplication("bye")));
            RawWebSocket.Frame close = client.readClose();
            assertThat(close.closeCode()).isEqualTo(1000);
            assertThat(close.closeReason()).isEqualTo("bye");
        }
    }
}
