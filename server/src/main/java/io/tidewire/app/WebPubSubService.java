package io.tidewire.app;

import io.tidewire.auth.ConnectionString;
import io.tidewire.config.Settings;
import io.tidewire.http.HttpListener;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Router;
import io.tidewire.observe.WebhookMetrics;
import io.tidewire.upstream.WebhookClient;
import io.tidewire.webpubsub.HubSettings;
import io.tidewire.webpubsub.WebPubSub;
import io.tidewire.webpubsub.WebPubSubSettings;
import io.tidewire.webpubsub.client.Backend;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import io.tidewire.webpubsub.upstream.EventHandlerSettings;
import io.tidewire.webpubsub.upstream.EventHandlers;
import io.tidewire.webpubsub.upstream.EventListenerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Composes Web PubSub Service. */
final class WebPubSubService {
    static final String NAME = "webpubsub";

    private WebPubSubService() {}

    static Service of(Node node) {
        Settings all = node.settings();
        WebPubSubSettings settings = all.webpubsub();
        var foundation = new Foundation(
                node,
                NAME,
                it -> it.webpubsub().keys(),
                settings.limits(),
                settings.tls(),
                settings.publicEndpoint(),
                ServiceMessage.GroupState::new);
        var listener = new AtomicReference<HttpListener>();
        EventHandlers handlers = null;
        Applications applications = null;
        if (settings.hubs().values().stream().anyMatch(WebPubSubService::tellsSomebody)) {
            WebhookClient client = Applications.client(node);
            handlers = handlers(settings, foundation, client, listener);
            applications = new Applications(urls(settings), client, new Telling(handlers));
        }
        var door = new WebPubSub(
                settings,
                all.websocket(),
                node.budget(),
                foundation.hubs(),
                foundation.keys(),
                foundation.verifier(),
                node.clock(),
                handlers == null ? Backend.NOBODY : handlers,
                foundation.quotas(),
                foundation.observer());
        var router = new Router(door.routes(), door.apiVersions(), ProblemFormat.PLAIN_TEXT);
        HttpListener listening = foundation.listener("listen", settings.listen(), router, NAME);
        listener.set(listening);
        return new Service(
                "Web PubSub", foundation, List.of(listening), ConnectionString::ofWebPubSub, door::close, applications);
    }

    private static boolean tellsSomebody(HubSettings hub) {
        return !hub.eventHandlers().isEmpty() || !hub.eventListeners().isEmpty();
    }

    private static EventHandlers handlers(
            WebPubSubSettings settings,
            Foundation foundation,
            WebhookClient client,
            AtomicReference<HttpListener> listener) {
        var handlers = new HashMap<String, List<EventHandlerSettings>>();
        var listeners = new HashMap<String, List<EventListenerSettings>>();
        settings.hubs().forEach((name, hub) -> {
            handlers.put(name, hub.eventHandlers());
            listeners.put(name, hub.eventListeners());
        });
        Node node = foundation.node();
        WebhookMetrics metrics = node.metrics().webhooks();
        URI told = settings.publicEndpoint();
        return new EventHandlers(
                handlers,
                listeners,
                settings.eventCalls(),
                client,
                foundation.keys(),
                () -> told == null ? Service.url(Objects.requireNonNull(listener.get())) : told,
                node.budget(),
                node.clock(),
                foundation.observer(),
                call -> metrics.called(NAME, call.category(), call.result(), call.took()));
    }

    private static List<String> urls(WebPubSubSettings settings) {
        return settings.hubs().values().stream()
                .flatMap(hub -> Stream.concat(
                        hub.eventHandlers().stream().map(EventHandlerSettings::shownUrl),
                        hub.eventListeners().stream().map(EventListenerSettings::shownEndpoint)))
                .distinct()
                .toList();
    }

    private record Telling(EventHandlers handlers) implements Applications.Telling {
        @Override
        public CompletionStage<Void> drain() {
            return handlers.drain();
        }

        @Override
        public int conversations() {
            return handlers.conversations();
        }

        @Override
        public void close(Duration left) {
            handlers.close(left);
        }
    }
}
