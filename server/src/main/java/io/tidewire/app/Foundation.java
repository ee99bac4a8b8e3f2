package io.tidewire.app;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenVerifier;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.config.Settings;
import io.tidewire.http.HttpListener;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.Router;
import io.tidewire.http.tls.Tls;
import io.tidewire.http.tls.TlsSettings;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.GroupStates;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.service.access.Quotas;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each service has for itself and builds its front door on: keys, hubs, quotas. */
final class Foundation {
    /** How soon a renewed certificate is taken up. */
    private static final Duration CERTIFICATE_WATCH = Duration.ofSeconds(5);

    private final Node node;
    private final String name;
    private final KeySettings keySettings;
    private final Function<Settings, @Nullable KeySettings> keyPlace;
    private final AccessKeys keys;
    private final @Nullable URI publicEndpoint;
    private final Observer observer;
    private final Quotas quotas;
    private final Hubs hubs;
    private final TokenVerifier verifier;
    private final @Nullable Tls tls;

    /**
     * Opens the certificate, and nothing else.
     *
     * @param name of the service: its section of the settings and its label in metrics
     * @param keys where the settings have them; it is there now
     * @param states the messages in which the service tells of states of groups
     */
    Foundation(
            Node node,
            String name,
            Function<Settings, @Nullable KeySettings> keys,
            LimitSettings limits,
            @Nullable TlsSettings tls,
            @Nullable URI publicEndpoint,
            GroupStates.Messages states) {
        this.node = node;
        this.name = name;
        this.keyPlace = keys;
        this.keySettings = Objects.requireNonNull(keys.apply(node.settings()));
        this.publicEndpoint = publicEndpoint;
        this.keys = new AccessKeys(name + ".keys", keySettings);
        Observer counters = node.metrics().observer(name);
        this.quotas = new Quotas(name + ".limits", limits, node.clock(), counters);
        this.observer = quotas.counting(counters);
        var loops = node.loops().loops();
        var fanout = new Fanout(loops, observer);
        this.hubs = new Hubs(fanout, new EmbeddedBackplane(fanout, loops, node.clock(), states));
        this.verifier = new TokenVerifier(this.keys, node.settings().auth(), publicHosts(publicEndpoint), node.clock());
        this.tls = tls == null ? null : tls(tls);
    }

    private static List<String> publicHosts(@Nullable URI publicEndpoint) {
        return publicEndpoint == null || publicEndpoint.getHost() == null
                ? List.of()
                : List.of(publicEndpoint.getHost());
    }

    private Tls tls(TlsSettings files) {
        String section = name + ".tls";
        return new Tls(section, files, new CertificateMetrics(section, node.metrics()), node.clock())
                .watch(CERTIFICATE_WATCH);
    }

    /**
     * A listener of this service that does not listen yet.
     *
     * @param setting its name within the service's section
     * @param label in metrics
     */
    HttpListener listener(String setting, ListenSettings listen, Router router, String label) {
        return new HttpListener(
                name + "." + setting,
                listen,
                tls,
                node.settings().http(),
                router,
                node.loops(),
                node.budget(),
                new ListenerMetrics(label, node.metrics(), observer));
    }

    Node node() {
        return node;
    }

    String name() {
        return name;
    }

    /** What {@link #keys} were made from. */
    KeySettings keySettings() {
        return keySettings;
    }

    /** What a {@link KeyWatch} is to do with them. */
    KeyWatch.Watched watchedKeys() {
        return new KeyWatch.Watched(name, keys, keySettings, keyPlace);
    }

    /** Null where others are told the address that is bound. */
    @Nullable
    URI publicEndpoint() {
        return publicEndpoint;
    }

    AccessKeys keys() {
        return keys;
    }

    /** Counts what happens in the hubs of this service. */
    Observer observer() {
        return observer;
    }

    Quotas quotas() {
        return quotas;
    }

    Hubs hubs() {
        return hubs;
    }

    TokenVerifier verifier() {
        return verifier;
    }

    /** At last, when no socket is left. */
    void close() {
        if (tls != null) {
            tls.close();
        }
    }
}
