package io.tidewire.app;

import io.tidewire.admin.AdminRoutes;
import io.tidewire.admin.Readiness;
import io.tidewire.config.Settings;
import io.tidewire.http.ApiVersions;
import io.tidewire.http.Budget;
import io.tidewire.http.EventLoops;
import io.tidewire.http.HttpListener;
import io.tidewire.http.NetworkException;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Router;
import io.tidewire.http.tls.BadCertificate;
import io.tidewire.http.tls.Tls;
import io.tidewire.http.tls.TlsSettings;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Observer;
import io.tidewire.observe.Logging;
import io.tidewire.observe.Metrics;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running server: every room made and joined by plain constructors, in the order in which they are needed, and stopped
 * in the opposite one. A service is served when it has keys.
 */
public final class Tidewire implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tidewire.class);

    private final Settings settings;
    private @Nullable KeyWatch keyWatch;
    private final EventLoops loops;
    private final Metrics metrics;
    private final List<Service> services = new ArrayList<>();
    private final HttpListener admin;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Tidewire(Settings settings, String version) {
        this.settings = settings;
        this.metrics = new Metrics(version);
        this.loops = new EventLoops(settings.network());
        var budget = new Budget(settings.network());
        metrics.bufferedBytes(budget::used);

        var node = new Node(settings, InstantSource.system(), loops, budget, metrics);
        if (settings.signalr().keys() != null) {
            services.add(SignalRService.of(node));
        }
        if (settings.webpubsub().keys() != null) {
            services.add(WebPubSubService.of(node));
        }
        this.admin = new HttpListener(
                "admin.listen",
                settings.admin().listen(),
                settings.http(),
                new Router(AdminRoutes.routes(readiness(), metrics), ApiVersions.NONE, ProblemFormat.PLAIN_TEXT),
                loops,
                budget,
                new ListenerMetrics("admin", metrics, Observer.NONE));
    }

    private Readiness readiness() {
        Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
        services.forEach(service -> checks.put(service.name(), () -> service.accepting() && !stopping.get()));
        return new Readiness(checks);
    }

    /**
     * Starts the server; returns when every listener accepts.
     *
     * @param version of this program, for metrics
     * @throws StartFailed when the settings ask for what this machine does not have; nothing is left running then
     */
    public static Tidewire start(Settings settings, String version) {
        Tidewire server;
        try {
            server = new Tidewire(settings, version);
        } catch (NetworkException | BadCertificate | IllegalArgumentException impossible) {
            throw new StartFailed(impossible);
        }
        try {
            server.services.forEach(Service::start);
            server.admin.start();
        } catch (NetworkException impossible) {
            server.close();
            throw new StartFailed(impossible);
        }
        return server;
    }

    /**
     * Opens the files that the settings name, and starts nothing.
     *
     * @throws StartFailed when a start would fail because of one
     */
    public static void checkFiles(Settings settings) {
        check("signalr.tls", settings.signalr().tls());
        check("webpubsub.tls", settings.webpubsub().tls());
    }

    private static void check(String section, @Nullable TlsSettings files) {
        if (files == null) {
            return;
        }
        try {
            Tls.check(section, files);
        } catch (BadCertificate unusable) {
            throw new StartFailed(unusable);
        }
    }

    /**
     * From now on takes up access keys that change in the settings. Once.
     *
     * @param source reads the settings anew; throws {@link io.tidewire.config.InvalidSettings} when they cannot be used
     */
    public void watchKeys(Supplier<Settings> source, Duration interval) {
        List<KeyWatch.Watched> keys = services.stream()
                .map(service -> service.foundation().watchedKeys())
                .toList();
        keyWatch = new KeyWatch(source, keys, metrics.settingsRefused(), interval);
    }

    /** Those that are served. */
    public List<Service> services() {
        return List.copyOf(services);
    }

    /** Empty when it is not served. */
    public Optional<Service> signalr() {
        return service(SignalRService.NAME);
    }

    /** Empty when it is not served. */
    public Optional<Service> webPubSub() {
        return service(WebPubSubService.NAME);
    }

    private Optional<Service> service(String name) {
        return services.stream().filter(service -> service.name().equals(name)).findFirst();
    }

    /** Where the admin listener really is. */
    public URI adminUrl() {
        return Service.url(admin);
    }

    /** Waits until the server has stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /**
     * Stops in order, within the setting {@code shutdownTimeout}: no new connections, every client told that it may
     * reconnect, running requests answered, sockets closed, applications told that the clients are gone. A second call waits
     * for the first.
     */
    @Override
    public void close() {
        if (!stopping.compareAndSet(false, true)) {
            awaitQuietly();
            return;
        }
        long deadline = System.nanoTime() + settings.shutdownTimeout().toNanos();
        if (keyWatch != null) {
            keyWatch.close();
        }
        services.forEach(Service::stopAccepting);
        tellClients(deadline);
        services.forEach(service -> service.drain(left(deadline)));
        awaitSockets(deadline);
        services.forEach(service -> service.cut(left(deadline)));
        services.forEach(service -> service.tellApplications(left(deadline)));
        admin.close(left(deadline));
        loops.close(left(deadline));
        services.forEach(Service::close);
        metrics.close();
        stopped.countDown();
    }

    /** Writes what is left of the log: the last thing a process does. */
    public static void lastWords() {
        Logging.stop();
    }

    /** Those of all services at the same time. */
    private void tellClients(long deadline) {
        try {
            CompletableFuture.allOf(services.stream()
                            .map(service -> service.tellClients(Disconnect.SERVICE_RELOAD)
                                    .toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new))
                    .get(left(deadline).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn("Not every client could be told of the stop within {}", settings.shutdownTimeout());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failure) {
            LOG.warn("Clients could not be told of the stop", failure.getCause());
        }
    }

    /** The closing handshakes of the clients. Those that do not answer are cut afterwards. */
    private void awaitSockets(long deadline) {
        while (services.stream().anyMatch(Service::hasSockets)
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awaitQuietly() {
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something is always left, so that the steps after a slow one still happen. */
    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(deadline - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(100)));
    }
}
