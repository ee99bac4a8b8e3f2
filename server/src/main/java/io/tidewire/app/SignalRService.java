package io.tidewire.app;

import io.tidewire.auth.ConnectionString;
import io.tidewire.config.Settings;
import io.tidewire.http.HttpListener;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Router;
import io.tidewire.hub.GroupStates;
import io.tidewire.observe.WebhookMetrics;
import io.tidewire.signalr.SignalR;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.signalr.SignalRSettings.Mode;
import io.tidewire.signalr.client.Backend;
import io.tidewire.signalr.upstream.UpstreamSettings;
import io.tidewire.signalr.upstream.Upstreams;
import io.tidewire.upstream.WebhookClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Composes SignalR Service. */
final class SignalRService {
    static final String NAME = "signalr";

    private SignalRService() {}

    static Service of(Node node) {
        Settings all = node.settings();
        SignalRSettings settings = all.signalr();
        var foundation = new Foundation(
                node,
                NAME,
                it -> it.signalr().keys(),
                settings.limits(),
                settings.tls(),
                settings.publicEndpoint(),
                GroupStates.Messages.NONE);
        Upstreams upstreams = null;
        Applications applications = null;
        if (hasUpstreams(settings)) {
            WebhookClient client = Applications.client(node);
            upstreams = upstreams(settings.upstream(), foundation, client);
            applications = new Applications(urls(settings.upstream()), client, new Telling(upstreams));
        }
        var door = new SignalR(
                settings,
                all.websocket(),
                all.longPolling(),
                node.budget(),
                foundation.hubs(),
                foundation.keys(),
                foundation.verifier(),
                node.clock(),
                upstreams == null ? Backend.NOBODY : upstreams,
                foundation.quotas(),
                foundation.observer());
        var router = new Router(door.routes(), door.apiVersions(), ProblemFormat.PLAIN_TEXT);
        var listeners = new ArrayList<HttpListener>();
        listeners.add(foundation.listener("listen", settings.listen(), router, NAME));
        if (settings.previewListen() != null) {
            listeners.add(foundation.listener("previewListen", settings.previewListen(), router, "signalr-preview"));
        }
        return new Service("SignalR", foundation, listeners, ConnectionString::ofSignalR, door::close, applications);
    }

    /** Only a serverless hub has any (reference E.1). */
    private static boolean hasUpstreams(SignalRSettings settings) {
        return switch (settings.mode()) {
            case Mode.SERVERLESS -> !settings.upstream().rules().isEmpty();
        };
    }

    private static Upstreams upstreams(UpstreamSettings settings, Foundation foundation, WebhookClient client) {
        WebhookMetrics metrics = foundation.node().metrics().webhooks();
        return new Upstreams(
                settings,
                client,
                foundation.keys(),
                foundation.node().budget(),
                foundation.observer(),
                call -> metrics.called(NAME, call.category(), call.result(), call.took()));
    }

    private static List<String> urls(UpstreamSettings settings) {
        return settings.rules().stream().map(UpstreamSettings.Rule::shownUrl).toList();
    }

    private record Telling(Upstreams upstreams) implements Applications.Telling {
        @Override
        public CompletionStage<Void> drain() {
            return upstreams.drain();
        }

        @Override
        public int conversations() {
            return upstreams.conversations();
        }

        @Override
        public void close(Duration left) {
            upstreams.close();
        }
    }
}
