package io.tidewire.signalr.client;

import io.tidewire.hub.Observer;

/** What all sessions of the endpoint have in common. */
record Commons(
        ClientSettings settings,
        Heartbeat.PerLoop heartbeats,
        Directory directory,
        Backend backend,
        int maxMessageBytes,
        int maxPingsPerSecond,
        Observer observer) {}
