package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls for their result, and streams, to clients without a WebSocket (reference C.5, D.2). */
class InvokePostingClientTest {
    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.with().set("signalr.client.openStreams=true").start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static PostingClient client(String transport) {
        PostingClient client = transport.equals("long polling")
                ? PostingClient.polling(server, "chat")
                : PostingClient.streaming(server, "chat");
        return client.shakeHands();
    }

    @ParameterizedTest
    @ValueSource(strings = {"long polling", "server-sent events"})
    void aClientAnswersInABody(String transport) {
        try (PostingClient client = client(transport);
                TestTidewire.Rest rest = server.rest()) {
            RawHttp caller = post(rest, client, "/:invoke", "{\"target\":\"ask\"}");
            assertThat(client.next())
                    .isEqualTo("{\"type\":1,\"invocationId\":\"tidewire-1\",\"target\":\"ask\",\"arguments\":[]}");
            client.send("{\"type\":3,\"invocationId\":\"tidewire-1\",\"result\":42}");
            RawHttp.Answer answer = caller.read();
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("{\"result\":42}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"long polling", "server-sent events"})
    void itsStreamsAreFilled(String transport) {
        try (PostingClient client = client(transport);
                TestTidewire.Rest rest = server.rest()) {
            client.send("{\"type\":4,\"invocationId\":\"0\",\"target\":\"counter\",\"arguments\":[]}");
            assertThat(post(rest, client, "/streams/0/:send?completed=true", "1")
                            .read()
                            .status())
                    .isEqualTo(202);
            assertThat(client.next()).isEqualTo("{\"type\":2,\"invocationId\":\"0\",\"item\":1}");
            assertThat(client.next()).isEqualTo("{\"type\":3,\"invocationId\":\"0\"}");
        }
    }

    private static RawHttp post(TestTidewire.Rest rest, PostingClient client, String operation, String body) {
        return rest.http()
                .body(
                        "POST",
                        "/api/hubs/chat/connections/" + client.connectionId + operation,
                        body,
                        rest.authorization(),
                        "Content-Type: application/json");
    }
}
