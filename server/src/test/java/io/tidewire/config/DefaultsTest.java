package io.tidewire.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.admin.AdminSettings;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenSettings;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.signalr.SignalRSettings;
import io.tidewire.signalr.client.ClientSettings;
import io.tidewire.signalr.upstream.UpstreamSettings;
import io.tidewire.transport.LongPollingSettings;
import io.tidewire.transport.WebSocketSettings;
import io.tidewire.upstream.CircuitSettings;
import io.tidewire.upstream.WebhookSettings;
import io.tidewire.webpubsub.WebPubSubSettings;
import io.tidewire.webpubsub.upstream.EventCallSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Users rely on keys and defaults: a change here is a change for them, and belongs into the changelog. */
class DefaultsTest {
    @Test
    void everyKeyAndItsDefaults() {
        assertThat(Catalogue.all().stream().map(DefaultsTest::line).collect(joining("\n")))
                .isEqualTo("""
                        signalr.listen: 127.0.0.1:8888 / 0.0.0.0:8888
                        signalr.previewListen: none
                        signalr.tls.certificate: none
                        signalr.tls.key: none
                        signalr.publicEndpoint: none
                        signalr.keys.primary: the well-known key / none
                        signalr.keys.secondary: none
                        signalr.mode: serverless
                        signalr.strictApiVersion: false
                        signalr.client.allowedOrigins: *
                        signalr.client.negotiateTimeout: 15s
                        signalr.client.handshakeTimeout: 15s
                        signalr.client.keepAliveInterval: 15s
                        signalr.client.timeout: 30s
                        signalr.client.timeoutNeedsPing: false
                        signalr.client.answerUnroutedInvocations: true
                        signalr.client.openStreams: false
                        signalr.client.maxOpenStreams: 100
                        signalr.client.invocationTimeout: 10m
                        signalr.client.maxPendingInvocations: 1000
                        signalr.client.reconnect.enabled: true
                        signalr.client.reconnect.window: 30s
                        signalr.client.reconnect.maxReplayBytes: 100000
                        signalr.limits.connections: 0
                        signalr.limits.diagnosticClients: 100
                        signalr.limits.connectsPerSecond: 0
                        signalr.limits.messagesPerDay: 0
                        signalr.upstream: []
                        signalr.upstreamCalls.closeOnConnectedFailure: false
                        signalr.upstreamCalls.maxWaitingBytes: 16MiB
                        webpubsub.listen: 127.0.0.1:8080 / 0.0.0.0:8080
                        webpubsub.tls.certificate: none
                        webpubsub.tls.key: none
                        webpubsub.publicEndpoint: none
                        webpubsub.keys.primary: the well-known key / none
                        webpubsub.keys.secondary: none
                        webpubsub.client.allowedOrigins: *
                        webpubsub.client.keepAliveInterval: 20s
                        webpubsub.client.timeout: 40s
                        webpubsub.client.closeOnFailedEvent: false
                        webpubsub.client.maxPendingInvocations: 100
                        webpubsub.client.maxGroups: 10000
                        webpubsub.client.maxGroupStates: 100
                        webpubsub.client.reliable.window: 30s
                        webpubsub.client.reliable.maxMessages: 1000
                        webpubsub.client.reliable.maxBytes: 16MiB
                        webpubsub.client.streams.maxOpen: 100
                        webpubsub.client.streams.maxIdle: 30m
                        webpubsub.limits.connections: 0
                        webpubsub.limits.connectsPerSecond: 0
                        webpubsub.limits.messagesPerDay: 0
                        webpubsub.eventCalls.maxWaitingBytes: 16MiB
                        webpubsub.eventCalls.retries: 3
                        webpubsub.eventCalls.maxListenerBytes: 16MiB
                        webpubsub.hubs: {}
                        admin.listen: 127.0.0.1:8900
                        auth.audience: off / lenient
                        auth.leeway: 5m
                        auth.maxTokenBytes: 8KiB
                        http.maxUriBytes: 12KiB
                        http.maxHeaderBytes: 16KiB
                        http.maxHttp2HeaderBytes: 4KiB
                        http.maxBodyBytes: 1MiB
                        http.requestTimeout: 20s
                        http.idleTimeout: 2m
                        http.maxConnections: 100000
                        http.maxConnectionsPerAddress: 0
                        http.maxAcceptsPerSecond: 0
                        http.tlsHandshakeTimeout: 10s
                        http.trustedProxies: none
                        websocket.maxMessageBytes: 1MiB
                        websocket.maxUnsentBytes: 4MiB
                        websocket.closeTimeout: 5s
                        websocket.maxEmptyFramesPerSecond: 1000
                        longPolling.pollTimeout: 90s
                        longPolling.idleTimeout: 5s
                        upstream.addresses: any / private
                        upstream.allow: none
                        upstream.timeout: 100s
                        upstream.connectTimeout: 5s
                        upstream.idleTimeout: 4s
                        upstream.maxResponseBytes: 16MiB
                        upstream.maxConnections: 100
                        upstream.maxWaitingBytes: 64MiB
                        upstream.retries: 0
                        upstream.circuit.failures: 10
                        upstream.circuit.failurePercent: 50
                        upstream.circuit.window: 10s
                        upstream.circuit.openFor: 5s
                        network.transport: auto
                        network.threads: 0
                        network.maxBufferedBytes: 0
                        shutdownTimeout: 8s""");
    }

    @Test
    void devNeedsNothing() {
        LoadedSettings loaded = Loading.dev().load();

        assertThat(loaded.settings())
                .isEqualTo(new Settings(
                        NetworkSettings.DEFAULT,
                        HttpSettings.DEFAULT,
                        WebSocketSettings.DEFAULT,
                        LongPollingSettings.DEFAULT,
                        new WebhookSettings(
                                WebhookSettings.Addresses.ANY,
                                List.of(),
                                Duration.ofSeconds(100),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(4),
                                16 << 20,
                                100,
                                64 << 20,
                                0,
                                CircuitSettings.DEFAULT),
                        new TokenSettings(TokenSettings.Audience.OFF, Duration.ofMinutes(5), 8192),
                        new SignalRSettings(
                                new ListenSettings("127.0.0.1", 8888),
                                null,
                                null,
                                null,
                                new KeySettings(KeySettings.WELL_KNOWN, null),
                                SignalRSettings.Mode.SERVERLESS,
                                false,
                                ClientSettings.DEFAULT,
                                LimitSettings.DEFAULT,
                                UpstreamSettings.DEFAULT),
                        new WebPubSubSettings(
                                new ListenSettings("127.0.0.1", 8080),
                                null,
                                null,
                                new KeySettings(KeySettings.WELL_KNOWN, null),
                                io.tidewire.webpubsub.client.ClientSettings.DEFAULT,
                                new LimitSettings(0, 0, 0, 0),
                                EventCallSettings.DEFAULT,
                                Map.of()),
                        new AdminSettings(new ListenSettings("127.0.0.1", 8900)),
                        Duration.ofSeconds(8)));
        assertThat(loaded.given()).isEmpty();
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void serveListensEverywhereAndLooksAtAudiences() {
        Settings settings = Loading.serve().load().settings();

        assertThat(settings.signalr().listen()).isEqualTo(new ListenSettings("0.0.0.0", 8888));
        assertThat(settings.admin().listen()).isEqualTo(new ListenSettings("127.0.0.1", 8900));
        assertThat(settings.auth()).isEqualTo(TokenSettings.DEFAULT);
        assertThat(settings.upstream()).isEqualTo(WebhookSettings.DEFAULT);
        assertThat(settings.signalr().keys()).isEqualTo(new KeySettings(Loading.KEY, null));
        assertThat(settings.webpubsub().keys()).isNull();
    }

    /** A default that its own type would refuse could not be written down by anyone. */
    @Test
    void everyDefaultCanBeWritten() {
        for (Setting<?> setting : Catalogue.all()) {
            for (Profile profile : Profile.values()) {
                if (setting.byDefault(profile) != null && !setting.key().contains(".keys.")) {
                    assertThat((Object) setting.type().parse(setting.printDefault(profile)))
                            .as(setting.key())
                            .isEqualTo(setting.byDefault(profile));
                }
            }
        }
    }

    private static String line(Setting<?> setting) {
        String dev = setting.printDefault(Profile.DEV);
        String serve = setting.printDefault(Profile.SERVE);
        return setting.key() + ": " + (dev.equals(serve) ? dev : dev + " / " + serve);
    }
}
