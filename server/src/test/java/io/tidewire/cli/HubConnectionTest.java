package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewire.cli.ClientLink.Event;
import io.tidewire.cli.HubConnection.Clocks;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubConnectionTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final FakeService service = new FakeService();
    private final HttpClient http = Http.client();

    @AfterEach
    void stop() {
        http.shutdownNow();
        service.close();
    }

    private HubConnection open(Clocks clocks) throws ConnectFailed, InterruptedException {
        var access = ServiceAccess.of(service.connectionString());
        return HubConnection.open(
                http, access, "chat", access.clientToken("chat", "ann", Map.of(), Duration.ofMinutes(1)), clocks);
    }

    private FakeService.Peer peer() {
        await().until(() -> !service.peers.isEmpty());
        return service.peers.getFirst();
    }

    @Test
    void connectsWithTheNegotiatedTokenAndShakesHands() throws Exception {
        try (var _ = open(Clocks.DEFAULT)) {
            assertThat(service.requests)
                    .extracting(request -> request.method() + " " + request.target())
                    .containsExactly(
                            "POST /client/negotiate?hub=chat&negotiateVersion=1", "GET /client/?hub=chat&id=se%2Bcret");
            assertThat(peer().received()).containsExactly("{\"protocol\":\"json\",\"version\":1}\u001e");
            assertThat(service.badTokens).isEmpty();
        }
    }

    @Test
    void putsMessagesTogetherHoweverTheyAreCut() throws Exception {
        try (var connection = open(Clocks.DEFAULT)) {
            // One call over three fragments, cut inside a character; the last fragment has half of another call.
            var bytes = "{\"type\":1,\"target\":\"a\",\"arguments\":[\"ü\"]}\u001e{\"type\":1,\"tar"
                    .getBytes(StandardCharsets.UTF_8);
            int cut = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("Ã") + 1;
            peer().frame(0x01, java.util.Arrays.copyOf(bytes, cut));
            peer().frame(0x00, java.util.Arrays.copyOfRange(bytes, cut, cut + 3));
            peer().frame(0x80, java.util.Arrays.copyOfRange(bytes, cut + 3, bytes.length));
            peer().send("get\":\"b\",\"arguments\":[]}\u001e{\"type\":6}\u001e");

            assertThat(connection.next(SOON)).isEqualTo(called("a", "\"ü\""));
            assertThat(connection.next(SOON)).isEqualTo(called("b"));
        }
    }

    private static Event<HubMessage.Invocation> called(String target, String... arguments) {
        return new Event.Came<>(new HubMessage.Invocation(target, List.of(arguments), null));
    }

    @Test
    void pingsWhenItHasBeenSilent() throws Exception {
        try (var connection = open(new Clocks(Duration.ofMillis(50), SOON))) {
            await().until(() -> {
                assertThat(connection.next(Duration.ofMillis(20))).isNull();
                return peer().received().contains("{\"type\":6}\u001e");
            });
        }
    }

    @Test
    void givesUpOnASilentServer() throws Exception {
        try (var connection = open(new Clocks(SOON, Duration.ofMillis(200)))) {
            assertThat(connection.next(SOON)).isEqualTo(new Event.Ended<>("nothing heard for 200 ms", true));
        }
    }

    @Test
    void aCallerThatWaitsForAResultIsRefused() throws Exception {
        try (var connection = open(Clocks.DEFAULT)) {
            peer().send("{\"type\":1,\"target\":\"ask\",\"arguments\":[],\"invocationId\":\"7\"}\u001e");
            assertThat(connection.next(SOON)).isInstanceOf(Event.Came.class);
            await().untilAsserted(() -> assertThat(peer().received().getLast())
                    .isEqualTo("{\"type\":3,\"invocationId\":\"7\",\"error\":\"This client only listens.\"}\u001e"));
        }
    }

    @Test
    void somethingElseThanTheHubProtocolEndsIt() throws Exception {
        try (var connection = open(Clocks.DEFAULT)) {
            peer().send("hello\u001e");
            assertThat(connection.next(SOON))
                    .isEqualTo(new Event.Ended<>("the server sent something that is no hub message", false));
        }
    }

    @Test
    void aRefusedHandshakeNamesItsReason() {
        service.handshakeAnswer = "{\"error\":\"The protocol 'json' is not supported.\"}";
        assertThatThrownBy(() -> open(Clocks.DEFAULT))
                .isInstanceOf(ConnectFailed.class)
                .hasMessage("handshake refused: The protocol 'json' is not supported.");
    }

    @Test
    void followsARedirectWithItsToken() throws Exception {
        try (var other = new FakeService()) {
            var there = ServiceAccess.of(other.connectionString());
            var token = there.clientToken("chat", "ann", Map.of(), Duration.ofMinutes(1));
            service.script = _ -> FakeService.plain(
                    200, "{\"url\":\"" + there.clientUrl("chat") + "&more=1\",\"accessToken\":\"" + token + "\"}");
            try (var _ = open(Clocks.DEFAULT)) {
                assertThat(other.badTokens).isEmpty();
                assertThat(other.requests)
                        .extracting(HttpWire.Request::target)
                        .containsExactly(
                                "/client/negotiate?hub=chat&more=1&negotiateVersion=1",
                                "/client/?hub=chat&more=1&id=se%2Bcret");
            }
        }
    }

    @Test
    void refusalsOfNegotiateSayWhatToCheck() {
        refusedWith(401, "", "answered 401: the token is not accepted", false);
        refusedWith(404, "", "SignalR is not served there; is the Endpoint", false);
        refusedWith(503, "draining\u001b[2J", "answered 503 (draining\\u001b[2J)", true);
        refusedWith(200, "{\"error\":\"no\"}", "negotiate refused: no", false);
        refusedWith(200, "<html>", "is this a SignalR endpoint?", false);
        refusedWith(
                200,
                "{\"connectionId\":\"x\",\"availableTransports\":[{\"transport\":\"LongPolling\"}]}",
                "the server offers no WebSockets",
                false);
    }

    private void refusedWith(int status, String body, String message, boolean worthRetrying) {
        service.script = _ -> FakeService.plain(status, body);
        assertThatThrownBy(() -> open(Clocks.DEFAULT))
                .isInstanceOfSatisfying(
                        ConnectFailed.class, e -> assertThat(e.worthRetrying()).isEqualTo(worthRetrying))
                .hasMessageContaining(message);
    }
}
