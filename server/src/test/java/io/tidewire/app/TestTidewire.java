package io.tidewire.app;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.Claim;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenSettings;
import io.tidewire.config.Profile;
import io.tidewire.config.Settings;
import io.tidewire.config.SettingsLoader;
import io.tidewire.http.RawHttp;
import io.tidewire.hub.Hubs;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.signalr.client.ClientSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** The whole server on free ports of this machine, with what a caller needs to speak to it. */
public final class TestTidewire implements AutoCloseable {
    public static final String KEY = "a-test-key-that-is-long-enough-for-HS256-with-some-to-spare";

    private static final Duration HOUR = Duration.ofHours(1);

    private final Tidewire server;
    private final TokenIssuer issuer = issuer(KEY);

    private TestTidewire(Settings settings) {
        server = Tidewire.start(settings, "test");
    }

    /** With the settings of a server that nobody configured. */
    public static TestTidewire start() {
        return with().start();
    }

    /** With settings of its own, changed one by one. */
    public static Options with() {
        return new Options();
    }

    public Tidewire server() {
        return server;
    }

    public Service signalr() {
        return server.signalr().orElseThrow();
    }

    /** Its URL and connection string are the real ones. */
    public Service webPubSub() {
        return server.webPubSub().orElseThrow();
    }

    /** For members that are no sockets. */
    public Hubs webPubSubHubs() {
        return webPubSub().foundation().hubs();
    }

    /** The loops of its shards. */
    public List<? extends Executor> loops() {
        return webPubSub().foundation().node().loops().loops();
    }

    public InetSocketAddress webPubSubAddress() {
        return address(webPubSub().url());
    }

    /** Of the SignalR listener. */
    public int port() {
        return signalr().url().getPort();
    }

    public InetSocketAddress address() {
        return address(signalr().url());
    }

    public InetSocketAddress adminAddress() {
        return address(server.adminUrl());
    }

    private static InetSocketAddress address(URI url) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort());
    }

    /** Mints tokens with any key, also a wrong one. */
    public static TokenIssuer issuer(String key) {
        return new TokenIssuer(new AccessKeys("test.keys", new KeySettings(key, null)), InstantSource.system());
    }

    /** A token for any audience. */
    public String tokenFor(String audience, Claim... claims) {
        return issuer.issue(audience, HOUR, List.of(claims));
    }

    /** A client's token. */
    public String clientToken(String hub, Claim... claims) {
        return tokenFor("http://localhost/client/?hub=" + hub, claims);
    }

    /** The header line with a client's token. */
    public String bearer(String hub, Claim... claims) {
        return "Authorization: Bearer " + clientToken(hub, claims);
    }

    /** A REST caller on a connection of its own. */
    public Rest rest() {
        return new Rest(RawHttp.connect(address()), tokenFor("http://localhost/api"));
    }

    /** An answer of the admin listener. */
    public RawHttp.Answer admin(String path) {
        return RawHttp.once(
                adminAddress(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    /** The value of the series with exactly this name and these labels; 0 when it is not there yet. */
    public double metric(String series) {
        return admin("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** Connections that a hub of SignalR has now. */
    public double connections(String hub) {
        return connections("signalr", hub);
    }

    public double connections(String service, String hub) {
        return metric("tidewire_connections{hub=\"" + hub + "\",service=\"" + service + "\"}");
    }

    /** Members of hubs of SignalR that have ended for this reason. */
    public double closed(String category) {
        return closed("signalr", category);
    }

    public double closed(String service, String category) {
        return metric("tidewire_connections_closed_total{category=\"" + category + "\",service=\"" + service + "\"}");
    }

    /** Callers and clients of SignalR that were turned away for this reason. */
    public double refused(String reason) {
        return refused("signalr", reason);
    }

    public double refused(String service, String reason) {
        return metric("tidewire_refused_total{reason=\"" + reason + "\",service=\"" + service + "\"}");
    }

    /** Asks the loops to close every socket of Web PubSub, and waits until they are closed. */
    public void cutWebPubSub() {
        webPubSub().cut(Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        server.close();
    }

    /** Calls of API version 1.0 on one kept connection, one after the other. */
    public static final class Rest implements AutoCloseable {
        private final RawHttp http;
        private final String authorization;

        private Rest(RawHttp http, String token) {
            this.http = http;
            this.authorization = "Authorization: Bearer " + token;
        }

        public RawHttp.Answer call(String method, String target) {
            return http.request(method, target, authorization).read();
        }

        /** Sends a message to {@code ""} for all, {@code /groups/g}, {@code /users/u} or {@code /connections/c}. */
        public void send(String hub, String to, String target, String arguments) {
            write(hub, to, target, arguments);
            accepted();
        }

        /** As {@link #send} without reading the answer, for several at once. */
        public void write(String hub, String to, String target, String arguments) {
            http.body(
                    "POST",
                    "/api/v1/hubs/" + hub + to,
                    "{\"target\":\"" + target + "\",\"arguments\":" + arguments + "}",
                    authorization,
                    "Content-Type: application/json");
        }

        /** Reads the answer to a {@link #write}. */
        public void accepted() {
            RawHttp.Answer answer = http.read();
            if (answer.status() != 202) {
                throw new AssertionError("Not accepted: " + answer);
            }
        }

        /** For what this class does not do. */
        public RawHttp http() {
            return http;
        }

        /** The header line with the token. */
        public String authorization() {
            return authorization;
        }

        @Override
        public void close() {
            http.close();
        }
    }

    /** What a test wants to be different. */
    public static final class Options {
        private final List<String> sets = new ArrayList<>(List.of(
                "signalr.listen=127.0.0.1:0",
                "signalr.keys.primary=" + KEY,
                "webpubsub.listen=127.0.0.1:0",
                "webpubsub.keys.primary=" + KEY,
                "admin.listen=127.0.0.1:0",
                "upstream.addresses=any",
                "network.threads=2"));
        private UnaryOperator<Settings> beyond = settings -> settings;

        private Options() {}

        /** A setting as on the command line, {@code key=value}; a later one wins. */
        public Options set(String... keyValues) {
            sets.addAll(List.of(keyValues));
            return this;
        }

        private Options set(String key, Duration value) {
            return set(key + "=" + value.toMillis() + "ms");
        }

        public Options keepAlive(Duration interval) {
            return set("signalr.client.keepAliveInterval", interval);
        }

        public Options clientTimeout(Duration timeout, boolean needsPing) {
            return set("signalr.client.timeout", timeout).set("signalr.client.timeoutNeedsPing=" + needsPing);
        }

        /** Negotiated connections that are too old from the beginning, which no setting would allow. */
        public Options negotiationsExpired() {
            beyond = it -> {
                ClientSettings client = it.signalr().client();
                return withClient(
                        it,
                        new ClientSettings(
                                client.allowedOrigins(),
                                Duration.ofSeconds(-5),
                                client.handshakeTimeout(),
                                client.keepAliveInterval(),
                                client.timeout(),
                                client.timeoutNeedsPing(),
                                client.answerUnroutedInvocations(),
                                client.openStreams(),
                                client.maxOpenStreams(),
                                client.invocationTimeout(),
                                client.maxPendingInvocations(),
                                client.reconnect()));
            };
            return this;
        }

        private static Settings withClient(Settings it, ClientSettings client) {
            SignalRSettings signalr = it.signalr();
            return new Settings(
                    it.network(),
                    it.http(),
                    it.websocket(),
                    it.longPolling(),
                    it.upstream(),
                    it.auth(),
                    new SignalRSettings(
                            signalr.listen(),
                            signalr.previewListen(),
                            signalr.tls(),
                            signalr.publicEndpoint(),
                            signalr.keys(),
                            signalr.mode(),
                            signalr.strictApiVersion(),
                            client,
                            signalr.limits(),
                            signalr.upstream()),
                    it.webpubsub(),
                    it.admin(),
                    it.shutdownTimeout());
        }

        public Options handshakeTimeout(Duration timeout) {
            return set("signalr.client.handshakeTimeout", timeout);
        }

        public Options origins(String... allowed) {
            return set("signalr.client.allowedOrigins=" + String.join(",", allowed));
        }

        public Options silentInvocations() {
            return set("signalr.client.answerUnroutedInvocations=false");
        }

        public Options webSocket(int maxMessageBytes, int maxUnsentBytes, Duration closeTimeout) {
            return set("websocket.maxMessageBytes=" + maxMessageBytes, "websocket.maxUnsentBytes=" + maxUnsentBytes)
                    .set("websocket.closeTimeout", closeTimeout);
        }

        public Options audience(TokenSettings.Audience audience) {
            return set("auth.audience=" + audience.name().toLowerCase(Locale.ROOT));
        }

        public Options shutdownTimeout(Duration timeout) {
            return set("shutdownTimeout", timeout);
        }

        /** The settings that the server would start with. */
        public Settings settings() {
            return beyond.apply(SettingsLoader.load(Profile.SERVE, Optional.empty(), Map.of(), sets)
                    .settings());
        }

        public TestTidewire start() {
            return new TestTidewire(settings());
        }
    }
}
