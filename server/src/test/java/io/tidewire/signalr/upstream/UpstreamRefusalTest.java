package io.tidewire.signalr.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.signalr.upstream.Application.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that does not want a client (reference E.6, J 10). */
class UpstreamRefusalTest {
    private static final String CLOSE = "signalr.upstreamCalls.closeOnConnectedFailure=true";

    private static Application refusing(int status) {
        return Application.that(request -> request.event().equals("connected") ? Answer.of(status) : Answer.json("1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 500})
    void theClientStaysUnlessTheSettingsSayOtherwise(int status) {
        try (var application = refusing(status);
                var server = UpstreamCallsTest.serverFor(application);
                var client = Client.json(server, "chat")) {
            application.next("connected");
            assertThat(client.ask("say")).isEqualTo(Client.result("1"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void theClientIsClosedForGoodAndWhatItSaidIsForNobody(int status) {
        try (var application = refusing(status);
                var server = UpstreamCallsTest.serverFor(application, CLOSE);
                var client = Client.json(server, "chat")) {
            client.say("lost");

            assertThat(client.next())
                    .isEqualTo("{\"type\":7,\"error\":\"The application does not accept this connection.\"}");
            application.next("connected");
            application.next("disconnected");
            assertThat(application.more()).isZero();
            await().until(() -> server.closed("InvokeUpstreamFailed") == 1);
            await().until(() -> server.metric("tidewire_buffered_bytes") == 0);
        }
    }

    @Test
    void otherFailuresCloseNobody() {
        try (var application = refusing(500);
                var server = UpstreamCallsTest.serverFor(application, CLOSE);
                var client = Client.json(server, "chat")) {
            assertThat(client.ask("say")).isEqualTo(Client.result("1"));
        }
    }
}
