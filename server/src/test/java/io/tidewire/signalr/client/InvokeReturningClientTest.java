package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls for their result to clients that lose their WebSocket meanwhile (reference C.5, D.7). */
class InvokeReturningClientTest {
    private static final String QUESTION =
            "{\"type\":1,\"invocationId\":\"tidewire-1\",\"target\":\"ask\",\"arguments\":[]}";
    private static final String ANSWER = "{\"type\":3,\"invocationId\":\"tidewire-1\",\"result\":42}";

    private TestTidewire server = TestTidewire.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private RawHttp invoke(TestTidewire.Rest rest, ReturningClient client) {
        return rest.http()
                .body(
                        "POST",
                        "/api/hubs/chat/connections/" + client.connectionId + "/:invoke",
                        "{\"target\":\"ask\"}",
                        rest.authorization(),
                        "Content-Type: application/json");
    }

    private static void assertAnswered(RawHttp caller) {
        RawHttp.Answer answer = caller.read();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"result\":42}");
    }

    @Test
    void aClientThatIsAwayIsAskedWhenItComesBack() {
        try (ReturningClient client = ReturningClient.open(server, "chat");
                TestTidewire.Rest rest = server.rest()) {
            client.lose();
            RawHttp caller = invoke(rest, client);
            client.comeBack();
            assertThat(client.take()).isEqualTo(QUESTION);
            client.call(ANSWER);
            assertAnswered(caller);
        }
    }

    @Test
    void aClientMayAnswerOverItsNextWebSocket() {
        try (ReturningClient client = ReturningClient.open(server, "chat");
                TestTidewire.Rest rest = server.rest()) {
            RawHttp caller = invoke(rest, client);
            assertThat(client.take()).isEqualTo(QUESTION);
            client.callCutAt(ANSWER, 10);
            client.lose();
            client.comeBack();
            assertAnswered(caller);
        }
    }

    @Test
    void aClientThatStaysAwayIsDisconnected() {
        server.close();
        server = TestTidewire.with()
                .set("signalr.client.reconnect.window=300ms")
                .keepAlive(Duration.ofMillis(200))
                .start();
        try (ReturningClient client = ReturningClient.open(server, "chat");
                TestTidewire.Rest rest = server.rest()) {
            RawHttp caller = invoke(rest, client);
            assertThat(client.take()).isEqualTo(QUESTION);
            client.lose();
            RawHttp.Answer answer = caller.read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("Connection '" + client.connectionId + "' is disconnected.");
        }
    }
}
