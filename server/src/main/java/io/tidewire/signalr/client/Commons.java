package io.tidewire.signalr.client;

import io.tidewire.http.Budget;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.client.Directory;
import io.tidewire.service.client.Heartbeat;
import java.time.InstantSource;

/** What all sessions of the endpoint have in common. */
record Commons(
        ClientSettings settings,
        Heartbeat.PerLoop heartbeats,
        Directory<ClientSession> directory,
        Backend backend,
        int maxMessageBytes,
        int maxPingsPerSecond,
        Budget budget,
        InstantSource clock,
        Quotas quotas,
        Observer observer) {}
