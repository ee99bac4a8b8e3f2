package io.tidewire.signalr.client;

import static io.tidewire.signalr.client.HubClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.epoll.Epoll;
import io.tidewire.app.TestTidewire;
import io.tidewire.http.NetworkSettings.Transport;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who publishes as fast as the server takes it makes nobody a slow client who reads: all is one pass of the event loop, or nearly, and
 * what it queues must be offered to the sockets before it counts against their clients.
 */
class FastPublisherTest {
    private static final int MESSAGES = 1500;
    private static final int UNSENT = 256 * 1024;

    @ParameterizedTest
    @EnumSource
    void whoReadsGetsAllOfABurst(Transport transport) throws Exception {
        assumeThat(transport != Transport.EPOLL || Epoll.isAvailable()).isTrue();
        String padding = "\"" + "x".repeat(2000) + "\"";
        try (var server = TestTidewire.with()
                        .webSocket(64 * 1024, UNSENT, Duration.ofSeconds(5))
                        .set("network.transport=" + transport.name().toLowerCase(Locale.ROOT), "network.threads=1")
                        .start();
                HubClient reader = HubClient.json(server, "burst");
                var rest = server.rest()) {
            Thread publisher = Thread.startVirtualThread(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    rest.write("burst", "", "t", "[" + i + "," + padding + "]");
                }
            });
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(reader.next()).isEqualTo(call("t", "[" + i + "," + padding + "]"));
            }
            publisher.join();
            assertThat(server.closed("SlowClient")).isZero();
        }
    }
}
