package io.tidewire.webpubsub.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.http.Budget;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Observer;
import io.tidewire.service.upstream.UpstreamCall;
import io.tidewire.upstream.CircuitSettings;
import io.tidewire.upstream.WebhookClient;
import io.tidewire.upstream.WebhookObserver;
import io.tidewire.upstream.WebhookSettings;
import io.tidewire.webpubsub.client.Admission;
import io.tidewire.webpubsub.client.Arrival;
import io.tidewire.webpubsub.client.Backend;
import io.tidewire.webpubsub.client.Caller;
import io.tidewire.webpubsub.client.EventOutcome;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Event handlers over a real HTTP client, and clients whose wire is this test. */
final class Backstage implements AutoCloseable {
    static final String SECONDARY = "another-test-key-that-is-long-enough-for-HS256-as-well";

    private final WebhookClient webhooks;
    private final EventLoop loop = new DefaultEventLoop();
    final Budget budget = new Budget(64 * 1024 * 1024);
    final List<UpstreamCall> calls = new CopyOnWriteArrayList<>();

    /** Why events were given up. */
    final List<String> dropped = new CopyOnWriteArrayList<>();

    final EventHandlers handlers;
    private int clients;

    private Backstage(
            Map<String, List<EventHandlerSettings>> handlers,
            Map<String, List<EventListenerSettings>> listeners,
            EventCallSettings settings,
            Duration timeout,
            int repeats) {
        this.webhooks = new WebhookClient(
                new WebhookSettings(
                        WebhookSettings.Addresses.ANY,
                        List.of(),
                        timeout,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(4),
                        16 * 1024 * 1024,
                        100,
                        64 * 1024 * 1024,
                        repeats,
                        new CircuitSettings(0, 50, Duration.ofSeconds(10), Duration.ofSeconds(5))),
                WebhookObserver.NONE);
        this.handlers = new EventHandlers(
                handlers,
                listeners,
                settings,
                webhooks,
                new AccessKeys("webpubsub.keys", new KeySettings(Application.KEY, SECONDARY)),
                () -> URI.create("http://rt.example.com:8080"),
                budget,
                InstantSource.system(),
                new Dropped(dropped),
                calls::add);
    }

    static EventHandlerSettings handler(String url, String userEvents, String... systemEvents) {
        return new EventHandlerSettings(
                url,
                userEvents.isEmpty() ? List.of() : List.of(userEvents.split(",")),
                List.of(systemEvents),
                List.of(),
                List.of());
    }

    /** For every hub, without retries. */
    static Backstage of(EventHandlerSettings... handlers) {
        return of(0, handlers);
    }

    static Backstage of(int retries, EventHandlerSettings... handlers) {
        return new Backstage(
                Map.of("*", List.of(handlers)),
                Map.of(),
                new EventCallSettings(64 * 1024, retries, 1024 * 1024),
                Duration.ofSeconds(15),
                0);
    }

    /** Whose HTTP client repeats once what may be repeated ({@code upstream.retries}). */
    static Backstage repeating(EventHandlerSettings handler) {
        return new Backstage(
                Map.of("*", List.of(handler)),
                Map.of(),
                new EventCallSettings(64 * 1024, 0, 1024 * 1024),
                Duration.ofSeconds(15),
                1);
    }

    static Backstage of(
            EventCallSettings settings, List<EventHandlerSettings> handlers, EventListenerSettings... listeners) {
        return new Backstage(
                Map.of("*", handlers), Map.of("*", List.of(listeners)), settings, Duration.ofSeconds(15), 0);
    }

    static Backstage of(Duration timeout, EventHandlerSettings handler) {
        return new Backstage(
                Map.of("*", List.of(handler)), Map.of(), new EventCallSettings(64 * 1024, 3, 1024 * 1024), timeout, 0);
    }

    static Backstage of(Map<String, List<EventHandlerSettings>> handlers) {
        return new Backstage(handlers, Map.of(), EventCallSettings.DEFAULT, Duration.ofSeconds(15), 0);
    }

    Arrival arrival(@Nullable String userId) {
        return new Arrival(
                "chat",
                "c" + ++clients,
                userId,
                Map.of("sub", List.of("ada"), "role", List.of("a", "b")),
                () -> Map.of(
                        "room",
                        List.of("1", "2"),
                        "access_token",
                        List.of("s3cret"),
                        "awps_reconnection_token",
                        List.of("s3cret")),
                () -> Map.of(
                        "host",
                        List.of("rt.example.com"),
                        "Authorization",
                        List.of("Bearer s3cret"),
                        "Upgrade",
                        List.of("websocket")),
                List.of("json.webpubsub.azure.v1", "custom"));
    }

    Backend.Visit arrive() {
        return handlers.arrive(arrival("ada"));
    }

    Admission connect(Backend.Visit visit) {
        return await(visit.connect().toCompletableFuture());
    }

    /** A client that is in, with its first event told. */
    Client open() {
        return open("ada", "json.webpubsub.azure.v1");
    }

    Client open(@Nullable String userId, @Nullable String subprotocol) {
        Arrival arrival = arrival(userId);
        return new Client(handlers.arrive(arrival), arrival, userId, subprotocol);
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError("Nothing came", failure);
        }
    }

    UpstreamCall call(String event) {
        org.awaitility.Awaitility.await()
                .until(() -> calls.stream().anyMatch(call -> call.event().equals(event)));
        return calls.stream()
                .filter(call -> call.event().equals(event))
                .toList()
                .getLast();
    }

    @Override
    public void close() {
        handlers.close(Duration.ofSeconds(5));
        webhooks.close();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private record Dropped(List<String> reasons) implements Observer {
        @Override
        public void opened(String hub) {}

        @Override
        public void closed(String hub, Disconnect why) {}

        @Override
        public void received(String hub, int bytes) {}

        @Override
        public void delivered(String hub, int receivers, long bytes) {}

        @Override
        public void dropped(String hub, String reason) {
            reasons.add(reason);
        }

        @Override
        public void refused(String reason) {}
    }

    /** One client that is in. */
    final class Client implements Caller {
        private final String id;
        private final @Nullable String userId;
        private final @Nullable String subprotocol;
        private final Backend.Conversation conversation;
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        private Client(Backend.Visit visit, Arrival arrival, @Nullable String userId, @Nullable String subprotocol) {
            this.id = arrival.connectionId();
            this.userId = userId;
            this.subprotocol = subprotocol;
            this.conversation = await(CompletableFuture.supplyAsync(() -> visit.begin(this), loop));
        }

        CompletableFuture<EventOutcome> say(String event, Payload payload, Metadata metadata) {
            var outcome = new CompletableFuture<EventOutcome>();
            loop.execute(() -> conversation.event(new ClientMessage.Event(event, payload, null, metadata), came -> {
                assertThat(loop.inEventLoop()).isTrue();
                assertThat(outcome.complete(came)).isTrue();
            }));
            return outcome;
        }

        CompletableFuture<EventOutcome> say(String event, String text) {
            return say(event, new Payload(DataType.TEXT, text.getBytes(UTF_8)), Metadata.NONE);
        }

        EventOutcome ask(String event, String text) {
            return await(say(event, text));
        }

        void joined(String group) {
            loop.execute(() -> conversation.joined(group));
        }

        void left(String group) {
            loop.execute(() -> conversation.left(group));
        }

        void end(Disconnect why) {
            loop.execute(() -> conversation.end(why));
        }

        @Override
        public String connectionId() {
            return id;
        }

        @Override
        public String hub() {
            return "chat";
        }

        @Override
        public @Nullable String userId() {
            return userId;
        }

        @Override
        public @Nullable String subprotocol() {
            return subprotocol;
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public void send(ServiceMessage.FromServer message) {
            throw new AssertionError("Answers are in the outcome");
        }

        @Override
        public void close(Disconnect why) {
            told.add("close: " + why.message());
        }

        @Override
        public void pause() {
            told.add("pause");
        }

        @Override
        public void resume() {
            told.add("resume");
        }
    }
}
