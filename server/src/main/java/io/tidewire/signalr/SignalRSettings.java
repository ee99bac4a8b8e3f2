package io.tidewire.signalr;

import io.tidewire.auth.KeySettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.tls.TlsSettings;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.signalr.client.ClientSettings;
import io.tidewire.signalr.upstream.UpstreamSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * SignalR Service.
 *
 * @param listen the listener
 * @param previewListen an extra door for 1.0-preview callers, who expect port 5002; null for none
 * @param tls the certificate of both; null for plain HTTP
 * @param publicEndpoint the name under which clients and callers know this server; null takes the request's host
 * @param keys access keys; null where the service is not served
 * @param mode service mode; only serverless is served so far
 * @param strictApiVersion refuse requests whose {@code api-version} is missing or unknown
 * @param client the client endpoint
 * @param limits quotas
 * @param upstream who is told what clients do
 */
public record SignalRSettings(
        ListenSettings listen,
        @Nullable ListenSettings previewListen,
        @Nullable TlsSettings tls,
        @Nullable URI publicEndpoint,
        @Nullable KeySettings keys,
        Mode mode,
        boolean strictApiVersion,
        ClientSettings client,
        LimitSettings limits,
        UpstreamSettings upstream) {

    /** Service modes (reference A.5). */
    public enum Mode {
        SERVERLESS
    }
}
