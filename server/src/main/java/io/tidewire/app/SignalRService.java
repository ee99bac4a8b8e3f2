package io.tidewire.app;

import io.tidewire.auth.ConnectionString;
import io.tidewire.config.Settings;
import io.tidewire.http.HttpListener;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Router;
import io.tidewire.hub.GroupStates;
import io.tidewire.signalr.SignalR;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.signalr.client.Backend;
import java.util.ArrayList;

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
        Applications applications = Applications.of(settings, foundation);
        var door = new SignalR(
                settings,
                all.websocket(),
                all.longPolling(),
                node.budget(),
                foundation.hubs(),
                foundation.keys(),
                foundation.verifier(),
                node.clock(),
                applications == null ? Backend.NOBODY : applications.backend(),
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
}
