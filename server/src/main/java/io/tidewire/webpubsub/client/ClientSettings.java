package io.tidewire.webpubsub.client;

import java.time.Duration;
import java.util.List;

/**
 * What clients of Web PubSub Service may do, and their clocks (reference A.3, D).
 *
 * @param allowedOrigins browser origins that may connect; {@code *} for any
 * @param keepAliveInterval silence after which the server sends a WebSocket ping
 * @param timeout silence of the client after which it is dropped
 * @param closeOnFailedEvent close a client of a subprotocol whose event failed and who asked for no ack (reference L 5)
 * @param maxPendingInvocations invocations of one connection that may wait for its event handler at one time
 * @param maxGroups groups of one connection above which it may not join one more by itself
 * @param maxGroupStates group states that one connection may set, and that it may subscribe to
 */
public record ClientSettings(
        List<String> allowedOrigins,
        Duration keepAliveInterval,
        Duration timeout,
        boolean closeOnFailedEvent,
        int maxPendingInvocations,
        int maxGroups,
        int maxGroupStates,
        ReliableSettings reliable,
        StreamSettings streams) {
    public static final ClientSettings DEFAULT = new ClientSettings(
            List.of("*"),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            false,
            100,
            10_000,
            100,
            ReliableSettings.DEFAULT,
            StreamSettings.DEFAULT);

    public ClientSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
