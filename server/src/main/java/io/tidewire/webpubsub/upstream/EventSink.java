package io.tidewire.webpubsub.upstream;

import java.time.Duration;

/**
 * Where the events for a listener go (reference F.9): to the best of its ability, the events of one connection in their order.
 * What cannot be delivered is counted and logged, and nobody is told.
 */
interface EventSink {
    /** Takes an event over. Any thread; never waits, never throws. */
    void accept(CloudEvent event);

    /** Delivers what is left, in that time, and ends. */
    void close(Duration left);
}
