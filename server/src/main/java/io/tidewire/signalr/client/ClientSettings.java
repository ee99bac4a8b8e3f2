package io.tidewire.signalr.client;

import java.time.Duration;
import java.util.List;

/**
 * What clients of SignalR Service may do, and their clocks (reference D.5, G).
 *
 * @param allowedOrigins browser origins that may connect; {@code *} for any
 * @param negotiateTimeout how long a negotiated connection waits for its transport
 * @param handshakeTimeout from the transport to the hub handshake
 * @param keepAliveInterval silence after which the server pings
 * @param timeout silence of the client after which it is closed
 * @param timeoutNeedsPing apply {@code timeout} only to clients that have pinged once
 * @param answerUnroutedInvocations answer a blocking invocation that no upstream takes with an error; otherwise stay silent
 * @param openStreams keep a client's stream invocation open for items sent over REST; otherwise answer it with an error
 * @param maxOpenStreams streams of one client that are open at one time; over it another one is answered with an error
 * @param invocationTimeout how long a client may take to answer an invocation that came over REST
 * @param maxPendingInvocations invocations over REST that wait for one client; over it 429
 * @param reconnect stateful reconnect
 */
public record ClientSettings(
        List<String> allowedOrigins,
        Duration negotiateTimeout,
        Duration handshakeTimeout,
        Duration keepAliveInterval,
        Duration timeout,
        boolean timeoutNeedsPing,
        boolean answerUnroutedInvocations,
        boolean openStreams,
        int maxOpenStreams,
        Duration invocationTimeout,
        int maxPendingInvocations,
        ReconnectSettings reconnect) {
    public static final ClientSettings DEFAULT = new ClientSettings(
            List.of("*"),
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            false,
            true,
            false,
            100,
            Duration.ofMinutes(10),
            1000,
            ReconnectSettings.DEFAULT);

    public ClientSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
