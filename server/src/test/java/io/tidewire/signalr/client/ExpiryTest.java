package io.tidewire.signalr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.auth.Claim;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A connection that asks for it ends with its authentication (reference B.5). */
class ExpiryTest {
    private static final Claim CLOSE = Claim.of("asrs.s.coae", "true");
    private static final String MAY_RETURN =
            "{\"type\":7,\"error\":\"The authentication has expired.\",\"allowReconnect\":true}";

    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.with().keepAlive(Duration.ofSeconds(1)).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Claim expiresIn(int seconds) {
        return Claim.of(
                "asrs.s.aeo", String.valueOf(Instant.now().plusSeconds(seconds).getEpochSecond()));
    }

    @Test
    void everyTransportIsClosedAndMayComeBack() {
        double before = server.closed("Unauthorized");
        Claim soon = expiresIn(2);
        try (HubClient socket = HubClient.json(server, "chat", CLOSE, soon);
                var stream =
                        PostingClient.streaming(server, "chat", CLOSE, soon).shakeHands();
                var polling = PostingClient.polling(server, "chat", CLOSE, soon).shakeHands()) {
            assertThat(polling.next()).isEqualTo(MAY_RETURN);
            assertThat(Instant.now().getEpochSecond())
                    .as("not before it has expired")
                    .isGreaterThanOrEqualTo(Long.parseLong(soon.values().getFirst()));
            polling.expectEnd();
            assertThat(stream.next()).isEqualTo(MAY_RETURN);
            stream.expectEnd();
            socket.expectClose(MAY_RETURN, 1000);
            assertThat(server.closed("Unauthorized")).isEqualTo(before + 3);
        }
    }

    @Test
    void diagnosticClientsMayNotComeBack() {
        try (HubClient client = HubClient.json(server, "chat", CLOSE, expiresIn(0), Claim.of("asrs.s.dc", "true"))) {
            assertThat(client.nextCall())
                    .contains("\"error\":\"The authentication has expired.\"")
                    .doesNotContain("true");
        }
    }

    /** The second one expires after the first, and is watched by the same clock. */
    @Test
    void withoutAskingForItAConnectionOutlivesItsToken() {
        double before = server.closed("Unauthorized");
        try (HubClient quiet = HubClient.json(server, "outlives", expiresIn(0));
                HubClient closed = HubClient.json(server, "outlives", CLOSE, expiresIn(1))) {
            closed.expectClose(MAY_RETURN, 1000);
            await().until(() -> server.closed("Unauthorized") == before + 1);
            assertThat(server.connections("outlives")).isEqualTo(1);
            quiet.send("{\"type\":1,\"invocationId\":\"1\",\"target\":\"t\",\"arguments\":[]}");
            assertThat(quiet.nextCall()).contains("\"invocationId\":\"1\"");
        }
    }
}
