package io.tidewire.config;

import io.tidewire.admin.AdminSettings;
import io.tidewire.auth.TokenSettings;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.transport.LongPollingSettings;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.upstream.WebhookSettings;
import java.time.Duration;

/**
 * Everything that can be set, as the rooms that use it want it.
 *
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
        AdminSettings admin,
        Duration shutdownTimeout) {}
