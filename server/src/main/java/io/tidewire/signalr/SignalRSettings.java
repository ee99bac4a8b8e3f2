package io.tidewire.signalr;

import io.tidewire.auth.KeySettings;
import io.tidewire.http.ListenSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SignalR Service.
 *
 * @param listen the listener
 * @param previewListen an extra door for 1.0-preview callers, who expect port 5002; null for none
 * @param publicEndpoint the name under which clients and callers know this server; null takes the request's host
 * @param keys access keys
 * @param mode service mode; only serverless is served so far
 * @param allowedOrigins browser origins that may connect; {@code *} for any
 * @param strictApiVersion refuse requests whose {@code api-version} is missing or unknown
 * @param client the clients' clocks
 */
public record SignalRSettings(
        ListenSettings listen,
        @Nullable ListenSettings previewListen,
        @Nullable URI publicEndpoint,
        KeySettings keys,
        Mode mode,
        List<String> allowedOrigins,
        boolean strictApiVersion,
        Client client) {

    /** Service modes (reference A.5). */
    public enum Mode {
        SERVERLESS
    }

    /**
     * Times of the client protocol (reference D.5, G).
     *
     * @param negotiateTimeout how long a negotiated connection waits for its transport
     * @param handshakeTimeout from the transport to the hub handshake
     * @param keepAliveInterval silence after which the server pings
     * @param timeout silence of the client after which it is closed
     * @param timeoutNeedsPing apply {@code timeout} only to clients that have pinged once
     * @param answerUnroutedInvocations answer a blocking invocation that no upstream takes with an error; otherwise stay silent
     */
    public record Client(
            Duration negotiateTimeout,
            Duration handshakeTimeout,
            Duration keepAliveInterval,
            Duration timeout,
            boolean timeoutNeedsPing,
            boolean answerUnroutedInvocations) {
        public static final Client DEFAULT = new Client(
                Duration.ofSeconds(15),
                Duration.ofSeconds(15),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                false,
                true);
    }

    public SignalRSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
