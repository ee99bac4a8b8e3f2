package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import io.tidewire.http.RawHttp;
import io.tidewire.transport.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The quotas of section G: off unless set, and each refusal names itself and its setting. */
class QuotasOnTheWireTest {
    private static final Claim DIAGNOSTIC = Claim.of("asrs.s.dc", "true");

    private static RawHttp.Answer negotiate(TestTidewire server, Claim... claims) {
        return HubClient.negotiate(server, "?hub=q&negotiateVersion=1", server.bearer("q", claims));
    }

    private static RawWebSocket.Reply upgrade(TestTidewire server, Claim... claims) {
        try (RawWebSocket socket = RawWebSocket.open(server.port())) {
            return socket.request("GET /client/?hub=q HTTP/1.1", RawWebSocket.goodHeaders(server.bearer("q", claims)));
        }
    }

    private static String text(RawWebSocket.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Test
    void moreClientsThanAllowedAreTurnedAwayUntilOneLeaves() {
        String full = "Connection count reaches limit: 2 clients (setting signalr.limits.connections)";
        try (var server =
                TestTidewire.with().set("signalr.limits.connections=2").start()) {
            HubClient first = HubClient.json(server, "q");
            try (var second = HubClient.upgraded(server, "q")) { // counted from its transport on
                assertThat(negotiate(server).status()).isEqualTo(429);
                assertThat(negotiate(server).text()).isEqualTo(full);
                assertThat(upgrade(server).status()).isEqualTo(429);
                assertThat(text(upgrade(server))).isEqualTo(full);
                assertThat(server.refused("ConnectionCountLimit")).isEqualTo(4);
                first.socket.reset();
                await().until(() -> negotiate(server).status() == 200);
                second.shakeHands();
                try (var third = HubClient.json(server, "q")) {
                    assertThat(upgrade(server).status()).isEqualTo(429);
                    third.send("{\"type\":7}");
                    third.expectClose(null, 1000);
                }
                await().until(() -> negotiate(server).status() == 200);
            }
        }
    }

    @Test
    void everyTransportIsCounted() {
        try (var server =
                TestTidewire.with().set("signalr.limits.connections=1").start()) {
            String target =
                    "/client/?hub=q&id=" + HubClient.negotiated(server, "q").token();
            try (var first = HubClient.json(server, "q")) {
                for (String accept : List.of("text/event-stream", "*/*")) {
                    try (RawHttp http = RawHttp.connect(server.address())) {
                        RawHttp.Answer answer = http.request("GET", target, server.bearer("q"), "Accept: " + accept)
                                .read();
                        assertThat(answer.status()).as(accept).isEqualTo(429);
                        assertThat(answer.text()).contains("signalr.limits.connections");
                    }
                }
                first.socket.reset();
            }
        }
    }

    @Test
    void diagnosticClientsHaveAQuotaOfTheirOwn() {
        try (var server =
                TestTidewire.with().set("signalr.limits.diagnosticClients=1").start()) {
            try (var one = HubClient.json(server, "q", DIAGNOSTIC);
                    var other = HubClient.json(server, "q")) {
                assertThat(negotiate(server, DIAGNOSTIC).text())
                        .isEqualTo("Connection count reaches limit: 1 diagnostic clients"
                                + " (setting signalr.limits.diagnosticClients)");
                assertThat(upgrade(server, DIAGNOSTIC).status()).isEqualTo(429);
                assertThat(negotiate(server).status()).isEqualTo(200);
                assertThat(server.refused("DiagnosticClientLimit")).isEqualTo(2);
                one.socket.reset();
                other.socket.reset();
            }
            await().until(() -> negotiate(server, DIAGNOSTIC).status() == 200);
        }
    }

    @Test
    void aRushOfConnectsIsSlowedDownAndToldWhenToComeAgain() {
        try (var server =
                TestTidewire.with().set("signalr.limits.connectsPerSecond=20").start()) {
            int letIn = 0;
            RawHttp.Answer answer = negotiate(server);
            while (answer.status() == 200) {
                letIn++;
                answer = negotiate(server);
            }
            assertThat(letIn).isGreaterThanOrEqualTo(20);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.text())
                    .isEqualTo("Connects reach the limit of 20 in a second (setting signalr.limits.connectsPerSecond)");
            assertThat(server.refused("ConnectRateLimit")).isEqualTo(1);
            await().until(() -> upgrade(server).status() == 101);
        }
    }

    @Test
    void whenTheMessagesOfTheDayAreUsedUpNobodySendsAndCallersAreClosed() {
        try (var server = TestTidewire.with()
                        .set("signalr.limits.messagesPerDay=5")
                        .start();
                var one = HubClient.json(server, "q");
                var two = HubClient.json(server, "q");
                var rest = server.rest()) {
            rest.send("q", "", "t", "[]"); // two receivers
            rest.send("q", "", "t", "[\"" + "x".repeat(3000) + "\"]"); // two pieces for each of them
            for (int i = 0; i < 2; i++) {
                assertThat(one.nextCall()).contains("\"type\":1");
                assertThat(two.nextCall()).contains("\"type\":1");
            }
            RawHttp.Answer answer = rest.http()
                    .body(
                            "POST",
                            "/api/v1/hubs/q",
                            "{\"target\":\"t\"}",
                            rest.authorization(),
                            "Content-Type: application/json")
                    .read();
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.text())
                    .isEqualTo("Message count reaches limit: 5 of up to 2 KiB in a UTC day"
                            + " (setting signalr.limits.messagesPerDay)");
            assertThat(server.refused("MessageCountLimit")).isEqualTo(1);
            assertThat(rest.call("PUT", "/api/v1/hubs/q/users/u/groups/g").status())
                    .as("what sends nothing goes on")
                    .isNotEqualTo(429);
            one.send("{\"type\":1,\"invocationId\":\"1\",\"target\":\"t\",\"arguments\":[]}");
            one.expectClose("{\"type\":7,\"error\":\"Message count reaches limit\"}", 1008);
            assertThat(server.closed("Throttled")).isEqualTo(1);
        }
    }

    @Test
    void withoutSettingsNothingIsCounted() {
        try (var server = TestTidewire.start();
                var client = HubClient.json(server, "q");
                var rest = server.rest()) {
            for (int i = 0; i < 100; i++) {
                assertThat(negotiate(server).status()).isEqualTo(200);
                rest.send("q", "", "t", "[]");
            }
            client.socket.reset();
        }
    }
}
