package io.tidewire.webpubsub.upstream;

import io.tidewire.service.upstream.Journal;
import io.tidewire.service.upstream.UpstreamCall;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink whose events wait within a bound. What it does with them is done one thing at a time, apart from the loops that hand them
 * over, so it needs no locks.
 */
abstract class QueuedSink implements EventSink {
    private final String shown;
    private final int maxBytes;
    private final Journal journal;
    private final Serial serial = new Serial();
    private final AtomicLong held = new AtomicLong();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean closing;

    QueuedSink(String shown, int maxBytes, Journal journal) {
        this.shown = shown;
        this.maxBytes = maxBytes;
        this.journal = journal;
    }

    @Override
    public final void accept(CloudEvent event) {
        int weight = event.weight();
        if (closing) {
            explain(event, "stopped", "this server is stopping", Duration.ZERO);
        } else if (hold(weight)) {
            serial.execute(() -> take(event));
        } else {
            explain(
                    event,
                    "dropped",
                    "more events than " + maxBytes + " bytes wait (setting webpubsub.eventCalls.maxListenerBytes)",
                    Duration.ZERO);
        }
    }

    /** One event always finds room. */
    private boolean hold(int weight) {
        long before = held.getAndUpdate(now -> fits(now, weight) ? now + weight : now);
        return fits(before, weight);
    }

    private boolean fits(long now, int weight) {
        return now == 0 || now + weight <= maxBytes;
    }

    /** Begins to deliver an event; in turn, as all that changes the sink. One of the two methods that end it follows. */
    abstract void take(CloudEvent event);

    /** Ends what the sink has open; in turn. */
    abstract void shutDown();

    final void inTurn(Runnable task) {
        serial.execute(task);
    }

    final void delivered(CloudEvent event, String result, Duration took) {
        explain(event, result, "", took);
        free(event);
    }

    final void failed(CloudEvent event, String result, String why, Duration took) {
        explain(event, result, why, took);
        free(event);
    }

    private void free(CloudEvent event) {
        if (held.addAndGet(-event.weight()) == 0 && closing) {
            empty.complete(null);
        }
    }

    private void explain(CloudEvent event, String result, String why, Duration took) {
        journal.write(
                UpstreamCall.host(shown),
                new UpstreamCall(
                        shown,
                        event.who().hub(),
                        "listener",
                        event.event().name(),
                        event.who().connectionId(),
                        result,
                        !why.isEmpty(),
                        why,
                        took,
                        "nothing"));
    }

    /** Bytes that wait. */
    final long held() {
        return held.get();
    }

    @Override
    public final void close(Duration left) {
        closing = true;
        if (held.get() > 0) {
            try {
                empty.get(left.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                // What is left is explained one by one.
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        var ended = new CompletableFuture<Void>();
        serial.execute(() -> {
            shutDown();
            ended.complete(null);
        });
        ended.join();
    }
}
