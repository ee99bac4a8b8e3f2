package io.tidewire.upstream;

import io.tidewire.upstream.Circuit.Verdict;
import io.tidewire.upstream.Ending.Failure;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One call: a try, then a few more where the settings and the request allow that, and one outcome. */
final class Call {
    /** The delays of Microsoft's own emulator. */
    private static final List<Duration> DELAYS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(5));

    static final int MAX_RETRIES = DELAYS.size();

    private final Workshop shop;
    private final Lanes lanes;
    private final WebhookRequest request;
    private final long began = System.nanoTime();
    private final CompletableFuture<WebhookOutcome> outcome = new CompletableFuture<>();

    private final AtomicBoolean ended = new AtomicBoolean();

    // Guarded by this.
    private int retries;
    private boolean stopped;
    private @Nullable Attempt attempt;

    Call(Workshop shop, Lanes lanes, WebhookRequest request) {
        this.shop = shop;
        this.lanes = lanes;
        this.request = request;
    }

    CompletableFuture<WebhookOutcome> outcome() {
        return outcome;
    }

    void run() {
        Target target;
        try {
            target = Target.of(request.url());
        } catch (Target.Denied denied) {
            end(new Failure(Reason.ADDRESS_DENIED, Words.of(denied)));
            return;
        }
        Attempt next;
        do {
            Lane lane = lanes.of(target);
            if (lane == null) {
                end(new Failure(Reason.OVERLOADED, "more than " + Lanes.MAX_HOSTS + " hosts are called"));
                return;
            }
            next = new Attempt(shop, lane, target, request, this::tried);
            synchronized (this) {
                if (stopped) {
                    return;
                }
                attempt = next;
            }
        } while (!next.enter());
    }

    private void tried(Ending ending) {
        Duration delay;
        synchronized (this) {
            delay = !stopped && retries < most(ending) ? DELAYS.get(retries++) : Duration.ZERO;
        }
        if (delay.isZero()) {
            end(ending);
            return;
        }
        shop.observer().retried();
        try {
            var _ = shop.timer()
                    .schedule(() -> shop.workers().execute(this::run), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopping) {
            stop();
        }
    }

    /** How often it may be tried again after that. */
    private int most(Ending ending) {
        int asSet = request.repeatable() && ending.verdict() == Verdict.FAILED
                ? shop.settings().retries()
                : 0;
        boolean inTime = System.nanoTime() - began < shop.settings().timeout().toNanos();
        int asAsked = ending.mayPass() && inTime ? request.retries() : 0;
        return Math.min(Math.max(asSet, asAsked), MAX_RETRIES);
    }

    /** Ends it now. */
    void stop() {
        Attempt running;
        synchronized (this) {
            stopped = true;
            running = attempt;
        }
        if (running != null) {
            running.stop();
        }
        end(new Failure(Reason.STOPPED, Lane.STOPPED));
    }

    private void end(Ending ending) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        WebhookOutcome told = switch (ending) {
            case Ending.Reply reply -> new WebhookOutcome.Answered(reply.status(), reply.headers(), reply.body(), took);
            case Failure failure ->
                new WebhookOutcome.Failed(failure.reason(), Words.of(request.url()) + ": " + failure.detail(), took);
        };
        if (ended.compareAndSet(false, true)) {
            shop.observer().called(label(ending), took.toNanos());
            outcome.complete(told);
        }
    }

    private static String label(Ending ending) {
        return switch (ending) {
            case Ending.Reply reply -> reply.status() / 100 + "xx";
            case Failure failure -> failure.reason().name().toLowerCase(Locale.ROOT);
        };
    }
}
