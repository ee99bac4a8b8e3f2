package io.tidewire.webpubsub.client;

import io.tidewire.http.Budget;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.client.Directory;
import io.tidewire.service.client.Heartbeat;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.webpubsub.access.CountRules;

/** What all sessions of the endpoint have in common. */
record Commons(
        ClientSettings settings,
        WebSocketSettings webSocket,
        Heartbeat.PerLoop heartbeats,
        Directory<ClientSession> directory,
        ReconnectionToken tokens,
        CountRules rules,
        Budget budget,
        Quotas quotas,
        Observer observer) {}
