package io.tidewire.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.concurrent.atomic.LongAdder;

/** Queues events for a writing thread. When the queue is full they are counted and given up: an event loop never waits. */
final class NeverBlockingAppender extends AsyncAppender {
    /** All instances together; logback may configure itself more than once. */
    static final LongAdder DROPPED = new LongAdder();

    static final int QUEUE = 8192;

    /** Free places left when dropping starts, so that threads which pass the check together all find one and none is lost uncounted. */
    private static final int SPARE = 64;

    NeverBlockingAppender() {
        setQueueSize(QUEUE);
        setDiscardingThreshold(SPARE);
        setNeverBlock(true);
        setMaxFlushTime(1000);
    }

    /** Asked only when fewer than {@link #SPARE} places are free, and then for events of every level. */
    @Override
    protected boolean isDiscardable(ILoggingEvent event) {
        DROPPED.increment();
        return true;
    }
}
