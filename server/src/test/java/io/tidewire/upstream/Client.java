package io.tidewire.upstream;

import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.upstream.WebhookOutcome.Failed;
import io.tidewire.upstream.WebhookSettings.Addresses;
import io.tidewire.upstream.WebhookSettings.Allowed;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The client under test, and how a test calls with it. */
final class Client implements AutoCloseable {
    private final WebhookClient client;
    private final Counts counts;

    private Client(WebhookClient client, Counts counts) {
        this.client = client;
        this.counts = counts;
    }

    static Options with() {
        return new Options();
    }

    static Client any() {
        return with().open();
    }

    static WebhookRequest request(URI url) {
        return WebhookRequest.post(url, List.of(), "application/json", "{}".getBytes(StandardCharsets.UTF_8), false);
    }

    static WebhookRequest repeatable(URI url) {
        return WebhookRequest.post(url, List.of(), "application/json", "{}".getBytes(StandardCharsets.UTF_8), true);
    }

    CompletableFuture<WebhookOutcome> send(WebhookRequest request) {
        return client.send(request).toCompletableFuture();
    }

    CompletableFuture<WebhookOutcome> send(URI url) {
        return send(request(url));
    }

    WebhookOutcome call(WebhookRequest request) {
        return await(send(request));
    }

    WebhookOutcome call(URI url) {
        return call(request(url));
    }

    Answered answered(URI url) {
        return answered(call(url));
    }

    static Answered answered(WebhookOutcome outcome) {
        if (outcome instanceof Answered answered) {
            return answered;
        }
        throw new AssertionError("No answer: " + outcome);
    }

    Failed failed(URI url) {
        return failed(call(url));
    }

    static Failed failed(WebhookOutcome outcome) {
        if (outcome instanceof Failed failed) {
            return failed;
        }
        throw new AssertionError("Answered: " + outcome);
    }

    static String text(Answered answered) {
        return new String(answered.body(), StandardCharsets.UTF_8);
    }

    static WebhookOutcome await(CompletableFuture<WebhookOutcome> outcome) {
        try {
            return outcome.get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError("No outcome", failure);
        }
    }

    WebhookClient client() {
        return client;
    }

    Counts counts() {
        return counts;
    }

    @Override
    public void close() {
        client.close();
    }

    /** What the client told. */
    static final class Counts implements WebhookObserver {
        final Map<String, Integer> calls = new ConcurrentHashMap<>();
        final AtomicInteger retries = new AtomicInteger();
        final AtomicInteger openCircuits = new AtomicInteger();

        @Override
        public void called(String outcome, long nanos) {
            calls.merge(outcome, 1, Integer::sum);
        }

        @Override
        public void retried() {
            retries.incrementAndGet();
        }

        @Override
        public void circuitOpened() {
            openCircuits.incrementAndGet();
        }

        @Override
        public void circuitClosed() {
            openCircuits.decrementAndGet();
        }
    }

    /** What a test wants to be different from the defaults. */
    static final class Options {
        private Addresses addresses = Addresses.ANY;
        private List<Allowed> allow = List.of();
        private Duration timeout = Duration.ofSeconds(15);
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration idleTimeout = Duration.ofSeconds(4);
        private int maxResponseBytes = 1 << 20;
        private int maxConnections = 10;
        private int maxWaitingBytes = 1 << 20;
        private int retries;
        private CircuitSettings circuit = new CircuitSettings(0, 50, Duration.ofSeconds(10), Duration.ofSeconds(5));
        private NameLookup.Resolver resolver = InetAddress::getAllByName;
        private @Nullable SSLContext tls;

        Options addresses(Addresses policy, String... allowed) {
            addresses = policy;
            allow = List.of(allowed).stream().map(Allowed::parse).toList();
            return this;
        }

        Options timeout(Duration value) {
            timeout = value;
            return this;
        }

        Options connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        Options idleTimeout(Duration value) {
            idleTimeout = value;
            return this;
        }

        Options maxResponseBytes(int value) {
            maxResponseBytes = value;
            return this;
        }

        Options limits(int connections, int waitingBytes) {
            maxConnections = connections;
            maxWaitingBytes = waitingBytes;
            return this;
        }

        Options retries(int value) {
            retries = value;
            return this;
        }

        Options circuit(int failures, Duration openFor) {
            circuit = new CircuitSettings(failures, 50, Duration.ofMinutes(1), openFor);
            return this;
        }

        Options resolver(NameLookup.Resolver value) {
            resolver = value;
            return this;
        }

        Options tls(SSLContext value) {
            tls = value;
            return this;
        }

        Client open() {
            var counts = new Counts();
            var settings = new WebhookSettings(
                    addresses,
                    allow,
                    timeout,
                    connectTimeout,
                    idleTimeout,
                    maxResponseBytes,
                    maxConnections,
                    maxWaitingBytes,
                    retries,
                    circuit);
            return new Client(new WebhookClient(settings, counts, resolver, tls, System::nanoTime), counts);
        }
    }
}
