package io.tidewire.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks the machine's resolver, which blocks: on threads of its own, since a virtual thread in there would hold up its carrier.
 * Calls to one host at one time share one question, so that a name server that does not answer for it takes one thread.
 */
final class NameLookup implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int MAX_QUESTIONS = 10_000;

    /** The machine's resolver, or a test's. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> asked = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    NameLookup(Resolver resolver) {
        this.resolver = resolver;
        var number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_QUESTIONS), task -> {
                    var thread = new Thread(task, "tidewire-names-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Fails with {@link UnknownHostException}, or when too many questions wait. */
    CompletableFuture<List<InetAddress>> addresses(String host) {
        var answer = new CompletableFuture<List<InetAddress>>();
        CompletableFuture<List<InetAddress>> other = asked.putIfAbsent(host, answer);
        if (other != null) {
            return other;
        }
        try {
            threads.execute(() -> answer(host, answer));
        } catch (RuntimeException full) {
            asked.remove(host);
            answer.completeExceptionally(full);
        }
        return answer;
    }

    private void answer(String host, CompletableFuture<List<InetAddress>> answer) {
        List<InetAddress> addresses;
        try {
            addresses = List.of(resolver.resolve(host));
        } catch (UnknownHostException | RuntimeException failure) {
            asked.remove(host);
            answer.completeExceptionally(failure);
            return;
        }
        asked.remove(host);
        answer.complete(addresses);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
