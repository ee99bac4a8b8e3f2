package io.tidewire.webpubsub.upstream;

import io.tidewire.hub.Observer;
import io.tidewire.service.upstream.Turns;
import java.time.InstantSource;

/**
 * What the handlers of all clients have in common.
 *
 * @param begun runs when there is a client of whose end somebody must hear
 * @param ended runs when all has been told of it
 */
record Commons(
        HandlerCalls calls, Turns.Bound bound, InstantSource clock, Observer hubs, Runnable begun, Runnable ended) {}
