package io.tidewire.upstream;

import io.tidewire.upstream.NameLookup.Resolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls web hooks over real connections. Has threads of its own, so that nothing that an application does reaches the event
 * loops: virtual ones that begin a call, a few that ask for addresses, two that read and write.
 */
public final class WebhookClient implements Webhooks, AutoCloseable {
    private static final Duration TIDY_EVERY = Duration.ofSeconds(1);

    private final Workshop shop;
    private final Lanes lanes;
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /** Costs nothing until the first call. */
    public WebhookClient(WebhookSettings settings, WebhookObserver observer) {
        this(settings, observer, InetAddress::getAllByName, null, System::nanoTime);
    }

    WebhookClient(
            WebhookSettings settings,
            WebhookObserver observer,
            Resolver resolver,
            @Nullable SSLContext tls,
            LongSupplier nanoTime) {
        this.shop = new Workshop(
                settings,
                new AddressPolicy(settings),
                new NameLookup(resolver),
                new Dialer(settings, tls),
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("tidewire-webhook-", 0).factory()),
                timer(),
                observer);
        this.lanes = new Lanes(settings, observer, nanoTime);
        var _ = shop.timer()
                .scheduleWithFixedDelay(
                        () -> shop.workers().execute(this::tidy),
                        TIDY_EVERY.toMillis(),
                        TIDY_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private static ScheduledThreadPoolExecutor timer() {
        var timer = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "tidewire-webhook-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    @Override
    public CompletionStage<WebhookOutcome> send(WebhookRequest request) {
        var call = new Call(shop, lanes, request);
        calls.add(call);
        CompletableFuture<WebhookOutcome> outcome = call.outcome();
        var _ = outcome.whenComplete((told, failure) -> calls.remove(call));
        try {
            if (stopping) {
                call.stop();
            } else {
                shop.workers().execute(call::run);
            }
        } catch (RejectedExecutionException stopped) {
            call.stop();
        }
        return outcome.minimalCompletionStage();
    }

    private void tidy() {
        lanes.forgetQuiet();
        shop.dialer().closeIdle();
    }

    /** Calls under way. */
    int underWay() {
        return calls.size();
    }

    /** Refuses new calls, gives those under way this long, and ends what is left. */
    public void close(Duration grace) {
        stopping = true;
        var all = calls.stream().map(Call::outcome).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(all).get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            // Ended below.
        }
        lanes.stop();
        calls.forEach(Call::stop);
        shop.timer().shutdownNow();
        shop.dialer().close();
        shop.names().close();
        shop.workers().shutdown();
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
