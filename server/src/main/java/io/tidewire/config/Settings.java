package io.tidewire.config;

import io.tidewire.admin.AdminSettings;
import io.tidewire.auth.TokenSettings;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.transport.LongPollingSettings;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.upstream.WebhookSettings;
import io.tidewire.webpubsub.WebPubSubSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that can be set, as the rooms that use it want it.
 *
 * @param signalr served where it has keys, as {@code webpubsub} is; one of them does
 * @param shutdownTimeout how long a stop may take, from the signal to the exit
 */
public record Settings(
        NetworkSettings network,
        HttpSettings http,
        WebSocketSettings websocket,
        LongPollingSettings longPolling,
        WebhookSettings upstream,
        TokenSettings auth,
        SignalRSettings signalr,
        WebPubSubSettings webpubsub,
        AdminSettings admin,
        Duration shutdownTimeout) {
    /** The services that are served, for people; at least one. */
    public List<String> served() {
        var services = new ArrayList<String>();
        if (signalr.keys() != null) {
            services.add("SignalR on " + signalr.listen());
        }
        if (webpubsub.keys() != null) {
            services.add("Web PubSub on " + webpubsub.listen());
        }
        return services;
    }
}
