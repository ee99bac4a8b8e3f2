package io.tidewire.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.admin.AdminSettings;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenSettings;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.http.ProxySettings;
import io.tidewire.http.tls.TlsSettings;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.service.upstream.NamesSettings;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.signalr.client.ClientSettings;
import io.tidewire.signalr.client.ReconnectSettings;
import io.tidewire.signalr.upstream.UpstreamSettings;
import io.tidewire.transport.LongPollingSettings;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.upstream.CircuitSettings;
import io.tidewire.upstream.WebhookSettings;
import io.tidewire.webpubsub.HubSettings;
import io.tidewire.webpubsub.WebPubSubSettings;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.client.ReliableSettings;
import io.tidewire.webpubsub.client.StreamSettings;
import io.tidewire.webpubsub.upstream.EventCallSettings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecedenceTest {
    private static final String FILE = """
            signalr:
              listen: 127.0.0.1:1001
            http:
              requestTimeout: 1s
              idleTimeout: 1m
              maxConnections: 11
            """;

    @Test
    void theCommandLineWinsOverTheEnvironmentOverTheFile() {
        LoadedSettings loaded = Loading.dev()
                .yaml(FILE)
                .env("TIDEWIRE_HTTP_REQUEST_TIMEOUT", "2s")
                .env("TIDEWIRE_HTTP_IDLE_TIMEOUT", "2m")
                .set("http.idleTimeout=3m")
                .load();

        Settings settings = loaded.settings();
        assertThat(settings.http().maxConnections()).isEqualTo(11);
        assertThat(settings.http().requestTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.http().idleTimeout()).isEqualTo(Duration.ofMinutes(3));
        assertThat(settings.http().maxUriBytes()).isEqualTo(12 * 1024);
        assertThat(loaded.given().stream().map(entry -> entry.toString().replaceAll("\\(/.*/", "(")))
                .containsExactly(
                        "signalr.listen = 127.0.0.1:1001  (tidewire.yaml:2)",
                        "http.requestTimeout = 2s  (TIDEWIRE_HTTP_REQUEST_TIMEOUT)",
                        "http.idleTimeout = 3m  (--set)",
                        "http.maxConnections = 11  (tidewire.yaml:6)");
    }

    @Test
    void everySettingCanBeWrittenInTheFile() {
        Settings settings = Loading.serveWithoutKey().yaml("""
                        shutdownTimeout: 0s
                        signalr:
                          listen: "[::1]:18888"
                          previewListen: localhost:5002
                          publicEndpoint: HTTPS://rt.Example.com/
                          keys: { primary: "primary-primary-primary-primary-", secondary: "secondary-secondary-secondary-se" }
                          mode: Serverless
                          strictApiVersion: true
                          client:
                            timeout: 500ms
                            timeoutNeedsPing: true
                            allowedOrigins:
                              - https://App.example.com
                              - http://localhost:3000/
                        auth: { audience: off, leeway: 0s, maxTokenBytes: 4096 }
                        network: { transport: epoll, threads: 3, maxBufferedBytes: 3GiB }
                        websocket.maxMessageBytes: 64 KiB
                        """).load().settings();

        assertThat(settings.shutdownTimeout()).isZero();
        assertThat(settings.signalr().listen()).isEqualTo(new ListenSettings("::1", 18888));
        assertThat(settings.signalr().previewListen()).isEqualTo(new ListenSettings("localhost", 5002));
        assertThat(settings.signalr().publicEndpoint()).isEqualTo(URI.create("https://rt.example.com"));
        assertThat(settings.signalr().keys())
                .isEqualTo(new KeySettings("primary-primary-primary-primary-", "secondary-secondary-secondary-se"));
        assertThat(settings.signalr().client().allowedOrigins())
                .containsExactly("https://app.example.com", "http://localhost:3000");
        assertThat(settings.signalr().strictApiVersion()).isTrue();
        assertThat(settings.signalr().client().timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.signalr().client().timeoutNeedsPing()).isTrue();
        assertThat(settings.auth()).isEqualTo(new TokenSettings(TokenSettings.Audience.OFF, Duration.ZERO, 4096));
        assertThat(settings.network()).isEqualTo(new NetworkSettings(NetworkSettings.Transport.EPOLL, 3, 3L << 30));
        assertThat(settings.websocket().maxMessageBytes()).isEqualTo(64 * 1024);
    }

    /** All values differ, so that two settings which change places are noticed. */
    @Test
    void everySettingReachesItsPlace() {
        String all = """
                signalr.listen=127.0.0.1:1
                signalr.previewListen=127.0.0.1:2
                signalr.tls.certificate=tls/cert.pem
                signalr.tls.key=tls/key.pem
                signalr.publicEndpoint=https://rt.example.com
                signalr.keys.primary=primary-primary-primary-primary-
                signalr.keys.secondary=secondary-secondary-secondary-se
                signalr.mode=serverless
                signalr.client.allowedOrigins=https://a.example
                signalr.strictApiVersion=true
                signalr.client.negotiateTimeout=3s
                signalr.client.handshakeTimeout=4s
                signalr.client.keepAliveInterval=5s
                signalr.client.timeout=6s
                signalr.client.timeoutNeedsPing=false
                signalr.client.answerUnroutedInvocations=true
                signalr.client.openStreams=true
                signalr.client.maxOpenStreams=30
                signalr.client.invocationTimeout=21s
                signalr.client.maxPendingInvocations=31
                signalr.client.reconnect.enabled=false
                signalr.client.reconnect.window=22s
                signalr.client.reconnect.maxReplayBytes=23000
                signalr.limits.connections=24
                signalr.limits.diagnosticClients=25
                signalr.limits.connectsPerSecond=26
                signalr.limits.messagesPerDay=27
                signalr.upstream=http://app:7071/{event}
                signalr.upstreamCalls.closeOnConnectedFailure=true
                signalr.upstreamCalls.maxWaitingBytes=100000
                webpubsub.listen=127.0.0.1:3
                webpubsub.tls.certificate=pubsub/cert.pem
                webpubsub.tls.key=pubsub/key.pem
                webpubsub.publicEndpoint=https://ps.example.com
                webpubsub.keys.primary=first-first-first-first-first-first
                webpubsub.keys.secondary=second-second-second-second-second
                webpubsub.client.allowedOrigins=https://b.example
                webpubsub.client.keepAliveInterval=51s
                webpubsub.client.timeout=52s
                webpubsub.client.closeOnFailedEvent=true
                webpubsub.client.maxPendingInvocations=63
                webpubsub.client.maxGroups=64
                webpubsub.client.maxGroupStates=53
                webpubsub.client.reliable.window=54s
                webpubsub.client.reliable.maxMessages=55
                webpubsub.client.reliable.maxBytes=56000
                webpubsub.client.streams.maxOpen=57
                webpubsub.client.streams.maxIdle=58s
                webpubsub.limits.connections=59
                webpubsub.limits.connectsPerSecond=60
                webpubsub.limits.messagesPerDay=61
                webpubsub.eventCalls.maxWaitingBytes=162000
                webpubsub.eventCalls.retries=2
                webpubsub.eventCalls.maxListenerBytes=163000
                webpubsub.hubs={chat: {maxConnectionLifetime: 64s}}
                admin.listen=127.0.0.1:7
                auth.audience=strict
                auth.leeway=8s
                auth.maxTokenBytes=9000
                http.maxUriBytes=10000
                http.maxHeaderBytes=11000
                http.maxHttp2HeaderBytes=29000
                http.maxBodyBytes=12000
                http.requestTimeout=13s
                http.idleTimeout=14s
                http.maxConnections=15
                http.maxConnectionsPerAddress=33
                http.maxAcceptsPerSecond=34
                http.tlsHandshakeTimeout=30s
                http.trustedProxies=loopback,10.0.0.0/8
                websocket.maxMessageBytes=16000
                websocket.maxUnsentBytes=17000
                websocket.closeTimeout=18s
                websocket.maxEmptyFramesPerSecond=32
                longPolling.pollTimeout=28s
                longPolling.idleTimeout=29s
                upstream.addresses=listed
                upstream.allow=10.1.0.0/16,fd00::7,app.internal
                upstream.timeout=30s
                upstream.connectTimeout=31s
                upstream.idleTimeout=32s
                upstream.maxResponseBytes=33000
                upstream.maxConnections=34
                upstream.maxWaitingBytes=35000
                upstream.retries=2
                upstream.circuit.failures=36
                upstream.circuit.failurePercent=37
                upstream.circuit.window=38s
                upstream.circuit.openFor=39s
                network.transport=nio
                network.threads=19
                network.maxBufferedBytes=21000
                shutdownTimeout=20s""";

        LoadedSettings loaded = Loading.dev().set(all.split("\n")).load();

        assertThat(loaded.given()).hasSameSizeAs(Catalogue.all());
        assertThat(loaded.settings())
                .isEqualTo(new Settings(
                        new NetworkSettings(NetworkSettings.Transport.NIO, 19, 21_000),
                        new HttpSettings(
                                10_000,
                                11_000,
                                29_000,
                                12_000,
                                Duration.ofSeconds(13),
                                Duration.ofSeconds(14),
                                15,
                                33,
                                34,
                                Duration.ofSeconds(30),
                                new ProxySettings(List.of("loopback", "10.0.0.0/8"))),
                        new WebSocketSettings(16_000, 17_000, Duration.ofSeconds(18), 32),
                        new LongPollingSettings(Duration.ofSeconds(28), Duration.ofSeconds(29)),
                        new WebhookSettings(
                                WebhookSettings.Addresses.LISTED,
                                List.of(
                                        new WebhookSettings.Range(InetAddress.ofLiteral("10.1.0.0"), 16),
                                        new WebhookSettings.Range(InetAddress.ofLiteral("fd00::7"), 128),
                                        new WebhookSettings.Host("app.internal")),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(31),
                                Duration.ofSeconds(32),
                                33_000,
                                34,
                                35_000,
                                2,
                                new CircuitSettings(36, 37, Duration.ofSeconds(38), Duration.ofSeconds(39))),
                        new TokenSettings(TokenSettings.Audience.STRICT, Duration.ofSeconds(8), 9000),
                        new SignalRSettings(
                                new ListenSettings("127.0.0.1", 1),
                                new ListenSettings("127.0.0.1", 2),
                                new TlsSettings(Path.of("tls/cert.pem"), Path.of("tls/key.pem")),
                                URI.create("https://rt.example.com"),
                                new KeySettings("primary-primary-primary-primary-", "secondary-secondary-secondary-se"),
                                SignalRSettings.Mode.SERVERLESS,
                                true,
                                new ClientSettings(
                                        List.of("https://a.example"),
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(4),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(6),
                                        false,
                                        true,
                                        true,
                                        30,
                                        Duration.ofSeconds(21),
                                        31,
                                        new ReconnectSettings(false, Duration.ofSeconds(22), 23_000)),
                                new LimitSettings(24, 25, 26, 27),
                                new UpstreamSettings(
                                        List.of(new UpstreamSettings.Rule(
                                                "http://app:7071/{event}",
                                                NamesSettings.ANY,
                                                NamesSettings.ANY,
                                                NamesSettings.ANY)),
                                        true,
                                        100_000)),
                        new WebPubSubSettings(
                                new ListenSettings("127.0.0.1", 3),
                                new TlsSettings(Path.of("pubsub/cert.pem"), Path.of("pubsub/key.pem")),
                                URI.create("https://ps.example.com"),
                                new KeySettings(
                                        "first-first-first-first-first-first", "second-second-second-second-second"),
                                new io.tidewire.webpubsub.client.ClientSettings(
                                        List.of("https://b.example"),
                                        Duration.ofSeconds(51),
                                        Duration.ofSeconds(52),
                                        true,
                                        63,
                                        64,
                                        53,
                                        new ReliableSettings(Duration.ofSeconds(54), 55, 56_000),
                                        new StreamSettings(57, Duration.ofSeconds(58))),
                                new LimitSettings(59, 0, 60, 61),
                                new EventCallSettings(162_000, 2, 163_000),
                                Map.of(
                                        "chat",
                                        new HubSettings(
                                                new AdmissionSettings(false, Duration.ofSeconds(64), List.of()),
                                                List.of(),
                                                List.of()))),
                        new AdminSettings(new ListenSettings("127.0.0.1", 7)),
                        Duration.ofSeconds(20)));
    }

    @Test
    void listsMayHaveCommas() {
        assertThat(Loading.dev()
                        .set("signalr.client.allowedOrigins=https://a.example, https://b.example")
                        .load()
                        .settings()
                        .signalr()
                        .client()
                        .allowedOrigins())
                .containsExactly("https://a.example", "https://b.example");
    }

    @Test
    void theLastOfSeveralSetsWins() {
        assertThat(Loading.dev()
                        .set("network.threads=1", "network.threads=2")
                        .load()
                        .settings()
                        .network()
                        .threads())
                .isEqualTo(2);
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        assertThat(Loading.dev().env("TIDEWIRE_SIGNALR_LISTEN", "").load().given())
                .isEmpty();
    }

    @Test
    void placeholdersComeFromTheEnvironment() {
        LoadedSettings loaded = Loading.serveWithoutKey()
                .env("SIGNALR_KEY", Loading.KEY)
                .env("PORT", "1234")
                .yaml("""
                        signalr:
                          listen: 127.0.0.1:${PORT}
                          keys: { primary: "${SIGNALR_KEY}", secondary: "$${SIGNALR_KEY}-is-not-filled-in-here" }
                        """)
                .load();

        assertThat(loaded.settings().signalr().listen().port()).isEqualTo(1234);
        assertThat(loaded.settings().signalr().keys())
                .isEqualTo(new KeySettings(Loading.KEY, "${SIGNALR_KEY}-is-not-filled-in-here"));
    }

    @Test
    void secretsAreNeverShown() {
        LoadedSettings loaded = Loading.serve().load();

        assertThat(loaded.given())
                .singleElement()
                .hasToString("signalr.keys.primary = ***  (TIDEWIRE_SIGNALR_KEYS_PRIMARY)");
        assertThat(loaded.toString()).doesNotContain(Loading.KEY);
    }

    @Test
    void theEnvironmentMayNameTheFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("other.yaml"), "network: { threads: 7 }");

        assertThat(Loading.dev()
                        .env("TIDEWIRE_CONFIG", file.toString())
                        .load()
                        .settings()
                        .network()
                        .threads())
                .isEqualTo(7);
    }

    @Test
    void aByteOrderMarkAndWindowsLinesAreFine() {
        assertThat(Loading.dev()
                        .yaml("\ufeffnetwork:\r\n  threads: 7\r\n")
                        .load()
                        .settings()
                        .network()
                        .threads())
                .isEqualTo(7);
    }

    @Test
    void anEmptyFileOrSectionIsFine() {
        assertThat(Loading.dev().yaml("").problems()).isEmpty();
        assertThat(Loading.dev().yaml("# nothing yet\n").problems()).isEmpty();
        assertThat(Loading.dev().yaml("---\n").problems()).isEmpty();
        assertThat(Loading.dev()
                        .yaml("signalr:\n  # listen: 0.0.0.0:8888\nhttp:\n")
                        .problems())
                .isEmpty();
    }
}
