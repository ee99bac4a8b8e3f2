package io.tidewire.webpubsub;

import io.tidewire.auth.KeySettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.tls.TlsSettings;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.webpubsub.client.ClientSettings;
import io.tidewire.webpubsub.upstream.EventCallSettings;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Web PubSub Service.
 *
 * @param listen the listener
 * @param tls its certificate; null for plain HTTP
 * @param publicEndpoint the name under which clients and callers know this server; null takes the request's host
 * @param keys access keys; null where the service is not served
 * @param client the client endpoint
 * @param limits quotas
 * @param eventCalls how event handlers are called
 * @param hubs by their lower-case names; {@code *} is for every hub without settings of its own
 */
public record WebPubSubSettings(
        ListenSettings listen,
        @Nullable TlsSettings tls,
        @Nullable URI publicEndpoint,
        @Nullable KeySettings keys,
        ClientSettings client,
        LimitSettings limits,
        EventCallSettings eventCalls,
        Map<String, HubSettings> hubs) {
    public WebPubSubSettings {
        hubs = Map.copyOf(hubs);
    }
}
