package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.signalr.access.SignalRClaims;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** When and how messages reach a client: in order, whole, together in a burst and at once when idle. */
class DeliveryOnTheWireTest {
    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The answer to the handshake promises that the groups of the user are in place. */
    @Test
    void groupsOfTheUserAreInPlaceWithTheHandshake() {
        try (var rest = server.rest()) {
            assertThat(rest.call("PUT", "/api/v1/hubs/mine/groups/g/users/u").status())
                    .isEqualTo(202);
            for (int i = 0; i < 200; i++) {
                try (HubClient client = HubClient.json(server, "mine", SignalRClaims.user("u"))) {
                    rest.send("mine", "/groups/g", "t", "[" + i + "]");
                    assertThat(client.next()).isEqualTo(call("t", "[" + i + "]"));
                }
            }
        }
    }

    /** Before the answer a client would take a message for it. */
    @Test
    void nothingIsDeliveredBeforeTheHandshakeIsAnswered() {
        try (var rest = server.rest()) {
            for (int i = 0; i < 100; i++) {
                try (HubClient client = HubClient.upgraded(server, "early", SignalRClaims.user("u"))) {
                    rest.write("early", "", "t", "[]");
                    client.socket.text(HubClient.JSON);
                    rest.accepted();
                    assertThat(client.socket.readText()).isEqualTo(HubClient.ACCEPTED);
                }
            }
        }
    }

    /** Fifty answers of one pass must not cost fifty system calls. */
    @Test
    void burstComesInOrderInFewReads() throws IOException {
        int count = 50;
        var all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append("{\"type\":4,\"invocationId\":\"")
                    .append(i)
                    .append("\",\"target\":\"t\",\"arguments\":[]}")
                    .append(HubClient.END);
        }
        try (HubClient client = HubClient.json(server, "burst")) {
            client.socket.text(all.toString());

            InputStream in = client.socket.socket().getInputStream();
            var text = new StringBuilder();
            byte[] buffer = new byte[64 * 1024];
            int reads = 0;
            while (text.chars().filter(c -> c == HubClient.END.charAt(0)).count() < count) {
                int read = in.read(buffer);
                assertThat(read).isPositive();
                text.append(new String(buffer, 0, read, UTF_8));
                reads++;
            }
            assertThat(reads).isLessThanOrEqualTo(5);
            int from = 0;
            for (int i = 0; i < count; i++) {
                int at = text.indexOf("\"invocationId\":\"" + i + "\"", from);
                assertThat(at).as("answer %d after the one before", i).isGreaterThanOrEqualTo(from);
                from = at;
            }
        }
    }

    /** One caller's messages, sent without waiting, to clients on every event loop. */
    @Test
    void messagesOfOneCallerArriveInOrder() {
        int count = 300;
        try (HubClient one = HubClient.json(server, "order");
                HubClient two = HubClient.json(server, "order");
                HubClient three = HubClient.json(server, "order");
                var rest = server.rest()) {
            for (int i = 0; i < count; i++) {
                rest.write("order", "", "t", "[" + i + "]");
            }
            for (int i = 0; i < count; i++) {
                rest.accepted();
                String expected = call("t", "[" + i + "]");
                assertThat(one.next()).isEqualTo(expected);
                assertThat(two.next()).isEqualTo(expected);
                assertThat(three.next()).isEqualTo(expected);
            }
        }
    }

    /** A long message is one WebSocket message too; clients do not put halves together. */
    @Test
    void longMessageIsWhole() {
        String text = "\"" + "x".repeat(900_000) + "\"";
        try (HubClient client = HubClient.json(server, "long");
                var rest = server.rest()) {
            rest.send("long", "", "t", "[" + text + "]");
            assertThat(client.next()).isEqualTo(call("t", "[" + text + "]"));
        }
    }

    /** Nothing else happens on the server that could push a message out. */
    @Test
    void idleServerDeliversAtOnce() {
        try (HubClient client = HubClient.json(server, "idle");
                var rest = server.rest()) {
            for (int i = 0; i < 50; i++) {
                rest.write("idle", "", "t", "[" + i + "]");
                assertThat(client.next()).isEqualTo(call("t", "[" + i + "]"));
                rest.accepted();
            }
        }
    }
}
