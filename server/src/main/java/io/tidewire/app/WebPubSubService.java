package io.tidewire.app;

import io.tidewire.auth.ConnectionString;
import io.tidewire.config.Settings;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Router;
import io.tidewire.webpubsub.WebPubSub;
import io.tidewire.webpubsub.WebPubSubSettings;
import io.tidewire.webpubsub.client.Backend;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.List;

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
        var door = new WebPubSub(
                settings,
                all.websocket(),
                node.budget(),
                foundation.hubs(),
                foundation.keys(),
                foundation.verifier(),
                node.clock(),
                Backend.NOBODY,
                foundation.quotas(),
                foundation.observer());
        var router = new Router(door.routes(), door.apiVersions(), ProblemFormat.PLAIN_TEXT);
        return new Service(
                "Web PubSub",
                foundation,
                List.of(foundation.listener("listen", settings.listen(), router, NAME)),
                ConnectionString::ofWebPubSub,
                door::close,
                null);
    }
}
