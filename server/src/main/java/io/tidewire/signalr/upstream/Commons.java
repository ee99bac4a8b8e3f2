package io.tidewire.signalr.upstream;

import io.tidewire.auth.AccessKeys;
import io.tidewire.hub.Observer;
import io.tidewire.service.upstream.Journal;
import io.tidewire.service.upstream.Turns;
import io.tidewire.upstream.Webhooks;

/** What all conversations have in common. */
record Commons(
        UpstreamSettings settings,
        Rules rules,
        Webhooks webhooks,
        AccessKeys keys,
        Turns.Bound bound,
        Observer hubs,
        Journal journal) {}
