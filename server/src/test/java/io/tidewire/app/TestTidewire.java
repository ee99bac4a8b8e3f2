package io.tidewire.app;

import io.tidewire.admin.AdminSettings;
import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.Claim;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenSettings;
import io.tidewire.config.Settings;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.http.RawHttp;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.signalr.client.ClientSettings;
import io.tidewire.transport.WebSocketSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

/** The whole server on free ports of this machine, with what a caller needs to speak to it. */
public final class TestTidewire implements AutoCloseable {
    public static final String KEY = "a test key that is long enough for HS256, with some to spare";

    private static final ListenSettings ANYWHERE = new ListenSettings("127.0.0.1", 0);
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

    public int port() {
        return server.signalrUrl().getPort();
    }

    public InetSocketAddress address() {
        return address(server.signalrUrl());
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

    /** Connections that a hub has now. */
    public double connections(String hub) {
        return metric("tidewire_connections{hub=\"" + hub + "\",service=\"signalr\"}");
    }

    /** Members that have ended for this reason. */
    public double closed(String category) {
        return metric("tidewire_connections_closed_total{category=\"" + category + "\",service=\"signalr\"}");
    }

    /** Callers and clients that were turned away for this reason. */
    public double refused(String reason) {
        return metric("tidewire_refused_total{reason=\"" + reason + "\",service=\"signalr\"}");
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
        private ClientSettings client = ClientSettings.DEFAULT;
        private WebSocketSettings webSocket = WebSocketSettings.DEFAULT;
        private HttpSettings http = HttpSettings.DEFAULT;
        private TokenSettings tokens = TokenSettings.DEFAULT;
        private Duration shutdownTimeout = Duration.ofSeconds(8);

        private Options() {}

        public Options client(UnaryOperator<ClientSettings> change) {
            client = change.apply(client);
            return this;
        }

        public Options keepAlive(Duration interval) {
            return client(it -> new ClientSettings(
                    it.allowedOrigins(),
                    it.negotiateTimeout(),
                    it.handshakeTimeout(),
                    interval,
                    it.timeout(),
                    it.timeoutNeedsPing(),
                    it.answerUnroutedInvocations()));
        }

        public Options clientTimeout(Duration timeout, boolean needsPing) {
            return client(it -> new ClientSettings(
                    it.allowedOrigins(),
                    it.negotiateTimeout(),
                    it.handshakeTimeout(),
                    it.keepAliveInterval(),
                    timeout,
                    needsPing,
                    it.answerUnroutedInvocations()));
        }

        public Options negotiateTimeout(Duration timeout) {
            return client(it -> new ClientSettings(
                    it.allowedOrigins(),
                    timeout,
                    it.handshakeTimeout(),
                    it.keepAliveInterval(),
                    it.timeout(),
                    it.timeoutNeedsPing(),
                    it.answerUnroutedInvocations()));
        }

        public Options handshakeTimeout(Duration timeout) {
            return client(it -> new ClientSettings(
                    it.allowedOrigins(),
                    it.negotiateTimeout(),
                    timeout,
                    it.keepAliveInterval(),
                    it.timeout(),
                    it.timeoutNeedsPing(),
                    it.answerUnroutedInvocations()));
        }

        public Options origins(String... allowed) {
            return client(it -> new ClientSettings(
                    List.of(allowed),
                    it.negotiateTimeout(),
                    it.handshakeTimeout(),
                    it.keepAliveInterval(),
                    it.timeout(),
                    it.timeoutNeedsPing(),
                    it.answerUnroutedInvocations()));
        }

        public Options silentInvocations() {
            return client(it -> new ClientSettings(
                    it.allowedOrigins(),
                    it.negotiateTimeout(),
                    it.handshakeTimeout(),
                    it.keepAliveInterval(),
                    it.timeout(),
                    it.timeoutNeedsPing(),
                    false));
        }

        public Options webSocket(int maxMessageBytes, int maxUnsentBytes, Duration closeTimeout) {
            webSocket = new WebSocketSettings(maxMessageBytes, maxUnsentBytes, closeTimeout);
            return this;
        }

        public Options http(HttpSettings settings) {
            http = settings;
            return this;
        }

        public Options audience(TokenSettings.Audience audience) {
            tokens = new TokenSettings(audience, tokens.leeway(), tokens.maxTokenBytes());
            return this;
        }

        public Options shutdownTimeout(Duration timeout) {
            shutdownTimeout = timeout;
            return this;
        }

        public TestTidewire start() {
            var signalr = new SignalRSettings(
                    ANYWHERE, null, null, new KeySettings(KEY, null), SignalRSettings.Mode.SERVERLESS, false, client);
            return new TestTidewire(new Settings(
                    new NetworkSettings(NetworkSettings.Transport.AUTO, 2, 0),
                    http,
                    webSocket,
                    tokens,
                    signalr,
                    new AdminSettings(ANYWHERE),
                    shutdownTimeout));
        }
    }
}
