package io.tidewire.app;

import io.tidewire.admin.AdminRoutes;
import io.tidewire.admin.Readiness;
import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.ConnectionString;
import io.tidewire.auth.TokenVerifier;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
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
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.observe.Logging;
import io.tidewire.observe.Metrics;
import io.tidewire.service.access.Quotas;
import io.tidewire.signalr.SignalR;
import io.tidewire.signalr.client.Backend;
import io.tidewire.signalr.upstream.UpstreamSettings;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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
 * in the opposite one.
 */
public final class Tidewire implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tidewire.class);

    private static final String SIGNALR_TLS = "signalr.tls";

    /** How soon a renewed certificate is taken up. */
    private static final Duration CERTIFICATE_WATCH = Duration.ofSeconds(5);

    private final Settings settings;
    private final AccessKeys keys;
    private @Nullable KeyWatch keyWatch;
    private final EventLoops loops;
    private final @Nullable Tls signalrTls;
    private final Metrics metrics;
    private final @Nullable Applications applications;
    private final SignalR signalrService;
    private final HttpListener signalr;
    private final List<HttpListener> clientListeners = new ArrayList<>();
    private final HttpListener admin;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Tidewire(Settings settings, String version) {
        this.settings = settings;
        InstantSource clock = InstantSource.system();
        this.keys = new AccessKeys("signalr.keys", settings.signalr().keys());
        this.metrics = new Metrics(version);
        this.signalrTls = tls(SIGNALR_TLS, settings.signalr().tls(), clock);
        this.loops = new EventLoops(settings.network());
        var budget = new Budget(settings.network());
        metrics.bufferedBytes(budget::used);

        Observer counters = metrics.observer("signalr");
        var quotas = new Quotas("signalr.limits", settings.signalr().limits(), clock, counters);
        Observer observer = quotas.counting(counters);
        var fanout = new Fanout(loops.loops(), observer);
        var hubs = new Hubs(fanout, new EmbeddedBackplane(fanout, loops.loops()));
        var verifier = new TokenVerifier(keys, settings.auth(), publicHosts(), clock);
        this.applications = Applications.of(settings, keys, budget, observer, metrics.webhooks());
        this.signalrService = new SignalR(
                settings.signalr(),
                settings.websocket(),
                settings.longPolling(),
                budget,
                hubs,
                keys,
                verifier,
                clock,
                applications == null ? Backend.NOBODY : applications.backend(),
                quotas,
                observer);
        var router = new Router(signalrService.routes(), signalrService.apiVersions(), ProblemFormat.PLAIN_TEXT);

        this.signalr = new HttpListener(
                "signalr.listen",
                settings.signalr().listen(),
                signalrTls,
                settings.http(),
                router,
                loops,
                budget,
                new ListenerMetrics("signalr", metrics, observer));
        clientListeners.add(signalr);
        if (settings.signalr().previewListen() != null) {
            clientListeners.add(new HttpListener(
                    "signalr.previewListen",
                    settings.signalr().previewListen(),
                    signalrTls,
                    settings.http(),
                    router,
                    loops,
                    budget,
                    new ListenerMetrics("signalr-preview", metrics, observer)));
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
            server.clientListeners.forEach(HttpListener::start);
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
        TlsSettings files = settings.signalr().tls();
        if (files == null) {
            return;
        }
        try {
            Tls.check(SIGNALR_TLS, files);
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
        keyWatch = new KeyWatch(source, keys, settings.signalr().keys(), metrics.settingsRefused(), interval);
    }

    /** Where the SignalR listener really is. */
    public URI signalrUrl() {
        return url(signalr);
    }

    /** For people: the address that is bound, and the one that others are told. */
    public String signalrListens() {
        InetSocketAddress bound = signalr.address();
        URI told = settings.signalr().publicEndpoint();
        String where = bound.getAddress().isAnyLocalAddress()
                ? "port " + bound.getPort() + " of every address of this machine"
                : signalrUrl().toString();
        return told == null ? where : where + ", known as " + told;
    }

    /** Where the 1.0-preview listener really is. */
    public Optional<URI> previewUrl() {
        return clientListeners.stream().skip(1).map(Tidewire::url).findFirst();
    }

    /** Where the admin listener really is. */
    public URI adminUrl() {
        return url(admin);
    }

    /** The URLs under which applications are told what clients do, in their order, without secrets. */
    public List<String> upstreams() {
        return settings.signalr().upstream().rules().stream()
                .map(UpstreamSettings.Rule::shownUrl)
                .toList();
    }

    /** What SignalR callers use; holds the primary key. */
    public String connectionString() {
        URI endpoint = settings.signalr().publicEndpoint();
        return ConnectionString.ofSignalR(
                        endpoint == null ? signalrUrl() : endpoint,
                        settings.signalr().keys().primary())
                .print();
    }

    /** As a person on this machine would write it. */
    private static URI url(HttpListener listener) {
        InetSocketAddress bound = listener.address();
        InetAddress host = bound.getAddress();
        boolean here = host.isLoopbackAddress() || host.isAnyLocalAddress();
        // On many machines localhost is the address of the older kind only.
        boolean six = host instanceof Inet6Address && host.isLoopbackAddress();
        String name = six ? "::1" : here ? "localhost" : host.getHostAddress();
        return URI.create(
                listener.scheme() + "://" + (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + bound.getPort());
    }

    /** Waits until the server has stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /**
     * Stops in order, within the setting {@code shutdownTimeout}: no new connections, every client told that it may
     * reconnect, running requests answered, sockets closed, upstreams told that the clients are gone. A second call waits for
     * the first.
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
        clientListeners.forEach(HttpListener::stopAccepting);
        tellClients(deadline);
        clientListeners.forEach(listener -> listener.close(left(deadline)));
        awaitSockets(deadline);
        clientListeners.forEach(listener -> listener.cut(left(deadline)));
        if (applications != null) {
            applications.close(left(deadline));
        }
        admin.close(left(deadline));
        loops.close(left(deadline));
        if (signalrTls != null) {
            signalrTls.close();
        }
        metrics.close();
        stopped.countDown();
    }

    /** Writes what is left of the log: the last thing a process does. */
    public static void lastWords() {
        Logging.stop();
    }

    private void tellClients(long deadline) {
        try {
            signalrService
                    .close(Disconnect.SERVICE_RELOAD)
                    .toCompletableFuture()
                    .get(left(deadline).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn("Not every client could be told of the stop within {}", settings.shutdownTimeout());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException failure) {
            LOG.warn("Clients could not be told of the stop", failure.getCause());
        }
    }

    /** The closing handshakes of the clients. Those that do not answer are cut afterwards. */
    private void awaitSockets(long deadline) {
        while (clientListeners.stream().anyMatch(listener -> listener.connections() > 0)
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

    private @Nullable Tls tls(String section, @Nullable TlsSettings files, InstantSource clock) {
        return files == null
                ? null
                : new Tls(section, files, new CertificateMetrics(section, metrics), clock).watch(CERTIFICATE_WATCH);
    }

    private Readiness readiness() {
        Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
        checks.put("signalr", () -> signalr.accepting() && !stopping.get());
        if (settings.signalr().previewListen() != null) {
            checks.put("signalr-preview", () -> clientListeners.stream().allMatch(HttpListener::accepting));
        }
        return new Readiness(checks);
    }

    private List<String> publicHosts() {
        var endpoint = settings.signalr().publicEndpoint();
        return endpoint == null || endpoint.getHost() == null ? List.of() : List.of(endpoint.getHost());
    }
}
