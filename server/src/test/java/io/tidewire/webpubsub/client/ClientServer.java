package io.tidewire.webpubsub.client;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.Claim;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenSettings;
import io.tidewire.auth.TokenVerifier;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.http.Budget;
import io.tidewire.http.EventLoops;
import io.tidewire.http.HttpListener;
import io.tidewire.http.HttpObserver;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Router;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.service.access.Quotas;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The client endpoint on a free port, with hubs that tests reach into and an {@link Application} of their own behind it. */
final class ClientServer implements AutoCloseable {
    static final String KEY = "a-test-key-that-is-long-enough-for-HS256-with-some-to-spare";

    final Application application = new Application();
    final Queue<String> refused = new ConcurrentLinkedQueue<>();
    final Queue<String> dropped = new ConcurrentLinkedQueue<>();
    final Queue<String> closed = new ConcurrentLinkedQueue<>();
    final Budget budget;
    final AccessKeys keys = new AccessKeys("webpubsub.keys", new KeySettings(KEY, null));

    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private final EventLoops loops = new EventLoops(new NetworkSettings(NetworkSettings.DEFAULT.transport(), 2, 0));
    private final Hubs hubs;
    private final ClientEndpoint endpoint;
    private final HttpListener listener;

    /** What a test may want otherwise. */
    static final class Setup {
        private ClientSettings client = ClientSettings.DEFAULT;
        private WebSocketSettings webSocket = WebSocketSettings.DEFAULT;
        private LimitSettings limits = LimitSettings.DEFAULT;
        private long buffered = 64 << 20;
        private final Map<String, AdmissionSettings> admissions = new HashMap<>();

        Setup client(ClientSettings settings) {
            client = settings;
            return this;
        }

        Setup clocks(Duration keepAlive, Duration timeout, Duration window) {
            client = new ClientSettings(
                    client.allowedOrigins(),
                    keepAlive,
                    timeout,
                    client.closeOnFailedEvent(),
                    client.maxPendingInvocations(),
                    client.maxGroups(),
                    client.maxGroupStates(),
                    new ReliableSettings(
                            window,
                            client.reliable().maxMessages(),
                            client.reliable().maxBytes()),
                    client.streams());
            return this;
        }

        Setup reliable(int maxMessages, int maxBytes) {
            client = new ClientSettings(
                    client.allowedOrigins(),
                    client.keepAliveInterval(),
                    client.timeout(),
                    client.closeOnFailedEvent(),
                    client.maxPendingInvocations(),
                    client.maxGroups(),
                    client.maxGroupStates(),
                    new ReliableSettings(client.reliable().window(), maxMessages, maxBytes),
                    client.streams());
            return this;
        }

        Setup maxGroups(int limit) {
            client = new ClientSettings(
                    client.allowedOrigins(),
                    client.keepAliveInterval(),
                    client.timeout(),
                    client.closeOnFailedEvent(),
                    client.maxPendingInvocations(),
                    limit,
                    client.maxGroupStates(),
                    client.reliable(),
                    client.streams());
            return this;
        }

        Setup origins(String... allowed) {
            client = new ClientSettings(
                    List.of(allowed),
                    client.keepAliveInterval(),
                    client.timeout(),
                    client.closeOnFailedEvent(),
                    client.maxPendingInvocations(),
                    client.maxGroups(),
                    client.maxGroupStates(),
                    client.reliable(),
                    client.streams());
            return this;
        }

        Setup closeOnFailedEvent() {
            client = new ClientSettings(
                    client.allowedOrigins(),
                    client.keepAliveInterval(),
                    client.timeout(),
                    true,
                    client.maxPendingInvocations(),
                    client.maxGroups(),
                    client.maxGroupStates(),
                    client.reliable(),
                    client.streams());
            return this;
        }

        Setup webSocket(int maxMessageBytes, int maxUnsentBytes, int maxEmptyFrames) {
            webSocket = new WebSocketSettings(maxMessageBytes, maxUnsentBytes, Duration.ofSeconds(2), maxEmptyFrames);
            return this;
        }

        Setup connections(int limit) {
            limits = new LimitSettings(limit, 0, 0, 0);
            return this;
        }

        Setup buffered(long bytes) {
            buffered = bytes;
            return this;
        }

        Setup hub(String name, AdmissionSettings admission) {
            admissions.put(name, admission);
            return this;
        }

        ClientServer start() {
            return new ClientServer(this);
        }
    }

    static Setup with() {
        return new Setup();
    }

    static ClientServer start() {
        return with().start();
    }

    private ClientServer(Setup setup) {
        budget = new Budget(setup.buffered);
        Observer counters = new Observer() {
            @Override
            public void opened(String hub) {}

            @Override
            public void closed(String hub, Disconnect why) {
                closed.add(why.category().label());
            }

            @Override
            public void received(String hub, int bytes) {}

            @Override
            public void delivered(String hub, int receivers, long bytes) {}

            @Override
            public void dropped(String hub, String reason) {
                dropped.add(reason);
            }

            @Override
            public void refused(String reason) {
                refused.add(reason);
            }
        };
        var quotas = new Quotas("webpubsub.limits", setup.limits, clock, counters);
        var fanout = new Fanout(loops.loops(), counters);
        hubs = new Hubs(fanout, new EmbeddedBackplane(fanout, loops.loops(), clock, ServiceMessage.GroupState::new));
        endpoint = new ClientEndpoint(
                hubs,
                new Access(new TokenVerifier(keys, TokenSettings.DEFAULT, List.of(), clock), counters),
                keys,
                setup.client,
                setup.admissions,
                setup.webSocket,
                budget,
                clock,
                application,
                quotas,
                counters);
        listener = new HttpListener(
                        "webpubsub.listen",
                        new ListenSettings("127.0.0.1", 0),
                        HttpSettings.DEFAULT,
                        new Router(endpoint.routes(), io.tidewire.http.ApiVersions.NONE, ProblemFormat.PLAIN_TEXT),
                        loops,
                        budget,
                        HttpObserver.NONE)
                .start();
    }

    int port() {
        return listener.address().getPort();
    }

    /** Sockets that are open now. */
    int sockets() {
        return listener.connections();
    }

    Hub hub(String name) {
        return hubs.named(name);
    }

    /** Moves the clock of tokens forward. */
    void later(Duration by) {
        ahead = ahead.plus(by);
    }

    String token(String hub, Claim... claims) {
        return tokenFor("http://localhost/client/hubs/" + hub, claims);
    }

    String tokenFor(String audience, Claim... claims) {
        return new TokenIssuer(keys, clock).issue(audience, Duration.ofHours(1), List.of(claims));
    }

    String target(String hub, Claim... claims) {
        return "/client/hubs/" + URLEncoder.encode(hub, StandardCharsets.UTF_8) + "?access_token=" + token(hub, claims);
    }

    void stopClients() {
        await(endpoint.close(Disconnect.SERVICE_RELOAD));
    }

    static <T> T await(java.util.concurrent.CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException | java.util.concurrent.ExecutionException | TimeoutException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        stopClients();
        listener.close();
        loops.close();
    }
}
