package io.tidewire.signalr.upstream;

import io.tidewire.auth.AccessKeys;
import io.tidewire.http.Budget;
import io.tidewire.hub.Observer;
import io.tidewire.upstream.Webhooks;

/** What all conversations have in common. */
record Commons(
        UpstreamSettings settings,
        Rules rules,
        Webhooks webhooks,
        AccessKeys keys,
        Budget budget,
        Observer hubs,
        Journal journal) {}
