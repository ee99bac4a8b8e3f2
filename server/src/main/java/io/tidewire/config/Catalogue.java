package io.tidewire.config;

import static io.tidewire.config.type.ByteSizeType.GIB;
import static io.tidewire.config.type.ByteSizeType.KIB;
import static io.tidewire.config.type.ByteSizeType.MIB;

import io.tidewire.admin.AdminSettings;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenSettings;
import io.tidewire.config.type.AddressRangesType;
import io.tidewire.config.type.AllowedAddressesType;
import io.tidewire.config.type.ByteSizeType;
import io.tidewire.config.type.ChoiceType;
import io.tidewire.config.type.CountType;
import io.tidewire.config.type.DurationType;
import io.tidewire.config.type.EndpointType;
import io.tidewire.config.type.FileType;
import io.tidewire.config.type.FlagType;
import io.tidewire.config.type.HubsType;
import io.tidewire.config.type.KeyType;
import io.tidewire.config.type.ListenType;
import io.tidewire.config.type.LongByteSizeType;
import io.tidewire.config.type.Nearest;
import io.tidewire.config.type.OriginsType;
import io.tidewire.config.type.Type;
import io.tidewire.config.type.UpstreamsType;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.http.ProxySettings;
import io.tidewire.http.tls.TlsSettings;
import io.tidewire.service.access.LimitSettings;
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
import io.tidewire.webpubsub.client.ReliableSettings;
import io.tidewire.webpubsub.client.StreamSettings;
import io.tidewire.webpubsub.upstream.EventCallSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every setting there is, one line each, and how they become {@link Settings}. To add one: a line here, a component in the
 * record that uses it, and its place in {@link #settings}.
 */
public final class Catalogue {
    private static final List<Setting<?>> LINES = new ArrayList<>();

    private static final Type<ListenSettings> LISTEN = new ListenType();
    private static final Type<Path> FILE = new FileType();
    private static final Type<Boolean> FLAG = new FlagType();
    private static final Type<String> KEY = new KeyType();
    private static final Type<Duration> CLOCK = new DurationType(Duration.ofMillis(100), Duration.ofHours(1));
    private static final Type<Integer> QUOTA = new CountType(0, Integer.MAX_VALUE);
    private static final Type<Integer> COUNT = new CountType(1, 10_000_000);
    private static final Type<Duration> PATIENCE = new DurationType(Duration.ZERO, Duration.ofHours(1));

    static final Setting<ListenSettings> SIGNALR_LISTEN = line(
            "signalr.listen",
            LISTEN,
            at("127.0.0.1", 8888),
            at("0.0.0.0", 8888),
            "Where SignalR clients and REST callers connect.");
    static final Setting<ListenSettings> SIGNALR_PREVIEW_LISTEN =
            optional("signalr.previewListen", LISTEN, "An extra door for 1.0-preview callers, who expect port 5002.");
    static final Setting<Path> SIGNALR_TLS_CERTIFICATE = optional(
            "signalr.tls.certificate",
            FILE,
            "PEM file of the certificate, followed by those that vouch for it; read again when it changes.");
    static final Setting<Path> SIGNALR_TLS_KEY =
            optional("signalr.tls.key", FILE, "PEM file of the certificate's private key, not encrypted.");
    static final Setting<URI> SIGNALR_PUBLIC_ENDPOINT = optional(
            "signalr.publicEndpoint",
            new EndpointType(),
            "The URL under which clients and callers know this server; without it the host of each request is taken.");
    static final Setting<String> SIGNALR_KEYS_PRIMARY = line(
            "signalr.keys.primary",
            KEY,
            KeySettings.WELL_KNOWN,
            null,
            "Access key that signs and verifies tokens; without one `serve` does not serve SignalR.");
    static final Setting<String> SIGNALR_KEYS_SECONDARY = optional(
            "signalr.keys.secondary", KEY, "Second access key, equally valid, for changing keys without a gap.");
    static final Setting<SignalRSettings.Mode> SIGNALR_MODE = line(
            "signalr.mode",
            new ChoiceType<>(
                    List.of(SignalRSettings.Mode.values()),
                    Map.of(
                            "default", "only serverless is served so far",
                            "classic", "only serverless is served so far")),
            SignalRSettings.Mode.SERVERLESS,
            "The service mode.");
    static final Setting<Boolean> SIGNALR_STRICT_API_VERSION =
            line("signalr.strictApiVersion", FLAG, false, "Refuse requests whose api-version is missing or unknown.");
    static final Setting<List<String>> SIGNALR_ALLOWED_ORIGINS = line(
            "signalr.client.allowedOrigins",
            new OriginsType(),
            List.of("*"),
            "Browser origins that may connect; * for any.");
    static final Setting<Duration> SIGNALR_CLIENT_NEGOTIATE_TIMEOUT = line(
            "signalr.client.negotiateTimeout",
            CLOCK,
            ClientSettings.DEFAULT.negotiateTimeout(),
            "How long a negotiated connection waits for its transport.");
    static final Setting<Duration> SIGNALR_CLIENT_HANDSHAKE_TIMEOUT = line(
            "signalr.client.handshakeTimeout",
            CLOCK,
            ClientSettings.DEFAULT.handshakeTimeout(),
            "How long a new transport may take to finish the hub handshake.");
    static final Setting<Duration> SIGNALR_CLIENT_KEEP_ALIVE_INTERVAL = line(
            "signalr.client.keepAliveInterval",
            CLOCK,
            ClientSettings.DEFAULT.keepAliveInterval(),
            "Silence towards a client after which the server pings it.");
    static final Setting<Duration> SIGNALR_CLIENT_TIMEOUT = line(
            "signalr.client.timeout",
            CLOCK,
            ClientSettings.DEFAULT.timeout(),
            "Silence of a client after which it is closed.");
    static final Setting<Boolean> SIGNALR_CLIENT_TIMEOUT_NEEDS_PING = line(
            "signalr.client.timeoutNeedsPing",
            FLAG,
            ClientSettings.DEFAULT.timeoutNeedsPing(),
            "Apply signalr.client.timeout only to clients that have pinged once.");
    static final Setting<Boolean> SIGNALR_CLIENT_ANSWER_UNROUTED_INVOCATIONS = line(
            "signalr.client.answerUnroutedInvocations",
            FLAG,
            ClientSettings.DEFAULT.answerUnroutedInvocations(),
            "Answer a blocking invocation that no upstream takes with an error, instead of silence.");

    static final Setting<Boolean> SIGNALR_CLIENT_OPEN_STREAMS = line(
            "signalr.client.openStreams",
            FLAG,
            ClientSettings.DEFAULT.openStreams(),
            "Keep a client's stream invocation open for items sent over REST, instead of answering it with an error.");
    static final Setting<Integer> SIGNALR_CLIENT_MAX_OPEN_STREAMS = line(
            "signalr.client.maxOpenStreams",
            COUNT,
            ClientSettings.DEFAULT.maxOpenStreams(),
            "Streams of one client that are open at one time; over it another one is answered with an error.");
    static final Setting<Duration> SIGNALR_CLIENT_INVOCATION_TIMEOUT = line(
            "signalr.client.invocationTimeout",
            CLOCK,
            ClientSettings.DEFAULT.invocationTimeout(),
            "How long a client may take to answer an invocation that came over REST; over it 504.");
    static final Setting<Integer> SIGNALR_CLIENT_MAX_PENDING_INVOCATIONS = line(
            "signalr.client.maxPendingInvocations",
            COUNT,
            ClientSettings.DEFAULT.maxPendingInvocations(),
            "Invocations over REST that wait for one client; over it 429.");
    static final Setting<Boolean> SIGNALR_CLIENT_RECONNECT_ENABLED = line(
            "signalr.client.reconnect.enabled",
            FLAG,
            ReconnectSettings.DEFAULT.enabled(),
            "Grant stateful reconnect to clients that ask for it.");
    static final Setting<Duration> SIGNALR_CLIENT_RECONNECT_WINDOW = line(
            "signalr.client.reconnect.window",
            CLOCK,
            ReconnectSettings.DEFAULT.window(),
            "How long a connection waits for a client whose WebSocket broke.");
    static final Setting<Integer> SIGNALR_CLIENT_RECONNECT_MAX_REPLAY_BYTES = line(
            "signalr.client.reconnect.maxReplayBytes",
            new ByteSizeType(KIB, GIB),
            ReconnectSettings.DEFAULT.maxReplayBytes(),
            "Messages kept for one client until it acknowledges them; over it the oldest are forgotten, and a client that "
                    + "is away is closed as slow.");
    static final Setting<Integer> SIGNALR_LIMITS_CONNECTIONS = line(
            "signalr.limits.connections",
            QUOTA,
            LimitSettings.DEFAULT.connections(),
            "Clients at one time; over it 429. 0 for no limit.");
    static final Setting<Integer> SIGNALR_LIMITS_DIAGNOSTIC_CLIENTS = line(
            "signalr.limits.diagnosticClients",
            QUOTA,
            LimitSettings.DEFAULT.diagnosticClients(),
            "Diagnostic clients at one time; over it 429. 0 for no limit.");
    static final Setting<Integer> SIGNALR_LIMITS_CONNECTS_PER_SECOND = line(
            "signalr.limits.connectsPerSecond",
            QUOTA,
            LimitSettings.DEFAULT.connectsPerSecond(),
            "Negotiations and new transports in a second; over it 429. 0 for no limit.");
    static final Setting<Integer> SIGNALR_LIMITS_MESSAGES_PER_DAY = line(
            "signalr.limits.messagesPerDay",
            QUOTA,
            LimitSettings.DEFAULT.messagesPerDay(),
            "Outbound messages in pieces of 2 KiB, per UTC day; over it 429. 0 for no limit.");

    static final Setting<List<UpstreamSettings.Rule>> SIGNALR_UPSTREAM = line(
            "signalr.upstream",
            new UpstreamsType(),
            UpstreamSettings.DEFAULT.rules(),
            "Who is told what clients do; the first item whose patterns match takes the event. A URL alone takes all, as in "
                    + "`http://localhost:7071/{hub}/{category}/{event}`; patterns are `*`, a name, or names with commas, as in "
                    + "`[{url: \"http://localhost:7071/api/{event}\", hubs: \"chat, news\", categories: messages, events: \"*\"}]`.");
    static final Setting<Boolean> SIGNALR_UPSTREAM_CALLS_CLOSE_ON_CONNECTED_FAILURE = line(
            "signalr.upstreamCalls.closeOnConnectedFailure",
            FLAG,
            UpstreamSettings.DEFAULT.closeOnConnectedFailure(),
            "Close a client for good when its upstream answers the connected event with 401 or 403.");
    static final Setting<Integer> SIGNALR_UPSTREAM_CALLS_MAX_WAITING_BYTES = line(
            "signalr.upstreamCalls.maxWaitingBytes",
            new ByteSizeType(64 * KIB, GIB),
            UpstreamSettings.DEFAULT.maxWaitingBytes(),
            "Messages of one client that wait for their turn at the upstream, 256 bytes added for each; at a sixteenth the "
                    + "server stops reading from the client, over all of it the client is closed.");

    static final Setting<ListenSettings> WEBPUBSUB_LISTEN = line(
            "webpubsub.listen",
            LISTEN,
            at("127.0.0.1", 8080),
            at("0.0.0.0", 8080),
            "Where Web PubSub clients and REST callers connect.");
    static final Setting<Path> WEBPUBSUB_TLS_CERTIFICATE = optional(
            "webpubsub.tls.certificate",
            FILE,
            "PEM file of the certificate, followed by those that vouch for it; read again when it changes.");
    static final Setting<Path> WEBPUBSUB_TLS_KEY =
            optional("webpubsub.tls.key", FILE, "PEM file of the certificate's private key, not encrypted.");
    static final Setting<URI> WEBPUBSUB_PUBLIC_ENDPOINT = optional(
            "webpubsub.publicEndpoint",
            new EndpointType(),
            "The URL under which clients and callers know this server; without it the host of each request is taken.");
    static final Setting<String> WEBPUBSUB_KEYS_PRIMARY = line(
            "webpubsub.keys.primary",
            KEY,
            KeySettings.WELL_KNOWN,
            null,
            "Access key that signs and verifies tokens; without one `serve` does not serve Web PubSub.");
    static final Setting<String> WEBPUBSUB_KEYS_SECONDARY = optional(
            "webpubsub.keys.secondary", KEY, "Second access key, equally valid, for changing keys without a gap.");
    static final Setting<List<String>> WEBPUBSUB_ALLOWED_ORIGINS = line(
            "webpubsub.client.allowedOrigins",
            new OriginsType(),
            io.tidewire.webpubsub.client.ClientSettings.DEFAULT.allowedOrigins(),
            "Browser origins that may connect; * for any.");
    static final Setting<Duration> WEBPUBSUB_CLIENT_KEEP_ALIVE_INTERVAL = line(
            "webpubsub.client.keepAliveInterval",
            new DurationType(Duration.ofSeconds(1), Duration.ofSeconds(120)),
            io.tidewire.webpubsub.client.ClientSettings.DEFAULT.keepAliveInterval(),
            "Silence towards a client after which the server sends a WebSocket ping.");
    static final Setting<Duration> WEBPUBSUB_CLIENT_TIMEOUT = line(
            "webpubsub.client.timeout",
            CLOCK,
            io.tidewire.webpubsub.client.ClientSettings.DEFAULT.timeout(),
            "Silence of a client after which it is dropped.");
    static final Setting<Boolean> WEBPUBSUB_CLIENT_CLOSE_ON_FAILED_EVENT = line(
            "webpubsub.client.closeOnFailedEvent",
            FLAG,
            io.tidewire.webpubsub.client.ClientSettings.DEFAULT.closeOnFailedEvent(),
            "Close a client of a subprotocol whose event failed and who asked for no ack.");
    static final Setting<Integer> WEBPUBSUB_CLIENT_MAX_PENDING_INVOCATIONS = line(
            "webpubsub.client.maxPendingInvocations",
            COUNT,
            io.tidewire.webpubsub.client.ClientSettings.DEFAULT.maxPendingInvocations(),
            "Invocations of one connection that wait for its event handler at one time.");
    static final Setting<Integer> WEBPUBSUB_CLIENT_MAX_GROUPS = line(
            "webpubsub.client.maxGroups",
            COUNT,
            io.tidewire.webpubsub.client.ClientSettings.DEFAULT.maxGroups(),
            "Groups of one connection; over it, its own joins fail.");
    static final Setting<Integer> WEBPUBSUB_CLIENT_MAX_GROUP_STATES = line(
            "webpubsub.client.maxGroupStates",
            COUNT,
            io.tidewire.webpubsub.client.ClientSettings.DEFAULT.maxGroupStates(),
            "Group states that one connection may set, and that it may subscribe to.");
    static final Setting<Duration> WEBPUBSUB_CLIENT_RELIABLE_WINDOW = line(
            "webpubsub.client.reliable.window",
            CLOCK,
            ReliableSettings.DEFAULT.window(),
            "How long a connection of a reliable subprotocol waits for a client whose WebSocket broke.");
    static final Setting<Integer> WEBPUBSUB_CLIENT_RELIABLE_MAX_MESSAGES = line(
            "webpubsub.client.reliable.maxMessages",
            COUNT,
            ReliableSettings.DEFAULT.maxMessages(),
            "Messages kept for one client until it acknowledges them; over it the client is closed with 1008.");
    static final Setting<Integer> WEBPUBSUB_CLIENT_RELIABLE_MAX_BYTES = line(
            "webpubsub.client.reliable.maxBytes",
            new ByteSizeType(KIB, GIB),
            ReliableSettings.DEFAULT.maxBytes(),
            "Bytes of those messages; over it the client is closed with 1008.");
    static final Setting<Integer> WEBPUBSUB_CLIENT_STREAMS_MAX_OPEN = line(
            "webpubsub.client.streams.maxOpen",
            COUNT,
            StreamSettings.DEFAULT.maxOpen(),
            "Streams of one connection that are open at one time.");
    static final Setting<Duration> WEBPUBSUB_CLIENT_STREAMS_MAX_IDLE = line(
            "webpubsub.client.streams.maxIdle",
            CLOCK,
            StreamSettings.DEFAULT.maxIdle(),
            "Longest idle time that the publisher of a stream may ask for.");
    static final Setting<Integer> WEBPUBSUB_LIMITS_CONNECTIONS = line(
            "webpubsub.limits.connections",
            QUOTA,
            LimitSettings.DEFAULT.connections(),
            "Clients at one time; over it 429. 0 for no limit.");
    static final Setting<Integer> WEBPUBSUB_LIMITS_CONNECTS_PER_SECOND = line(
            "webpubsub.limits.connectsPerSecond",
            QUOTA,
            LimitSettings.DEFAULT.connectsPerSecond(),
            "New connections in a second; over it 429. 0 for no limit.");
    static final Setting<Integer> WEBPUBSUB_LIMITS_MESSAGES_PER_DAY = line(
            "webpubsub.limits.messagesPerDay",
            QUOTA,
            LimitSettings.DEFAULT.messagesPerDay(),
            "Outbound messages in pieces of 2 KiB, per UTC day; over it 429. 0 for no limit.");
    static final Setting<Integer> WEBPUBSUB_EVENT_CALLS_MAX_WAITING_BYTES = line(
            "webpubsub.eventCalls.maxWaitingBytes",
            new ByteSizeType(64 * KIB, GIB),
            EventCallSettings.DEFAULT.maxWaitingBytes(),
            "Events of one client that wait for their turn at the event handler; at a sixteenth the server stops reading from"
                    + " the client, over all of it the client is closed.");
    static final Setting<Integer> WEBPUBSUB_EVENT_CALLS_RETRIES = line(
            "webpubsub.eventCalls.retries",
            new CountType(0, 3),
            EventCallSettings.DEFAULT.retries(),
            "How often a call of an event handler is tried again after a network error, 408 or 5xx, after 1, 3 and 5 seconds; the"
                    + " ce-id of the event stays the same.");
    static final Setting<Integer> WEBPUBSUB_EVENT_CALLS_MAX_LISTENER_BYTES = line(
            "webpubsub.eventCalls.maxListenerBytes",
            new ByteSizeType(64 * KIB, GIB),
            EventCallSettings.DEFAULT.maxListenerBytes(),
            "Events that wait for one event listener; more are dropped and counted.");

    static final Setting<Map<String, HubSettings>> WEBPUBSUB_HUBS = line(
            "webpubsub.hubs",
            new HubsType(),
            Map.of(),
            "What is set for single hubs; `*` is for all others. `anonymous` allow lets clients in without a token; eventHandlers"
                    + " are your applications, of which the first one whose events match is called, as in `{chat: {eventHandlers:"
                    + " [{url: \"http://localhost:7072/eventhandler/{event}\", userEvents: \"*\", systemEvents: [connect, connected,"
                    + " disconnected]}]}}`; eventListeners `{endpoint, userEvents, systemEvents}` are told and not asked, at"
                    + " a URL or in a Redis stream, `redis://host:6379/0?stream=events`; connectionCountRules `{by: userId, limit: 5}` bound"
                    + " the clients that are alike by userId, address or a claim, `{by: claim, claim: room, limit: 5}`.");

    static final Setting<ListenSettings> ADMIN_LISTEN = line(
            "admin.listen",
            LISTEN,
            at("127.0.0.1", 8900),
            "Where /livez, /readyz and /metrics are; it asks for no password, so keep it private.");

    static final Setting<TokenSettings.Audience> AUTH_AUDIENCE = line(
            "auth.audience",
            ChoiceType.of(TokenSettings.Audience.values()),
            TokenSettings.Audience.OFF,
            TokenSettings.DEFAULT.audience(),
            "How exactly a token's audience must name this server; strict also compares the host.");
    static final Setting<Duration> AUTH_LEEWAY = line(
            "auth.leeway",
            PATIENCE,
            TokenSettings.DEFAULT.leeway(),
            "Clock difference that is forgiven in a token's times.");
    static final Setting<Integer> AUTH_MAX_TOKEN_BYTES = line(
            "auth.maxTokenBytes",
            new ByteSizeType(256, 64 * KIB),
            TokenSettings.DEFAULT.maxTokenBytes(),
            "A longer token is refused unread.");

    static final Setting<Integer> HTTP_MAX_URI_BYTES = line(
            "http.maxUriBytes",
            new ByteSizeType(KIB, MIB),
            HttpSettings.DEFAULT.maxUriBytes(),
            "Longest request line; over it 414.");
    static final Setting<Integer> HTTP_MAX_HEADER_BYTES = line(
            "http.maxHeaderBytes",
            new ByteSizeType(KIB, MIB),
            HttpSettings.DEFAULT.maxHeaderBytes(),
            "All headers of a request together; over it 431.");
    static final Setting<Integer> HTTP_MAX_HTTP2_HEADER_BYTES = line(
            "http.maxHttp2HeaderBytes",
            new ByteSizeType(KIB, MIB),
            HttpSettings.DEFAULT.maxHttp2HeaderBytes(),
            "One header of a request over HTTP/2; over it 431.");
    static final Setting<Integer> HTTP_MAX_BODY_BYTES = line(
            "http.maxBodyBytes",
            new ByteSizeType(KIB, GIB),
            HttpSettings.DEFAULT.maxBodyBytes(),
            "Longest request body; over it 413.");
    static final Setting<Duration> HTTP_REQUEST_TIMEOUT = line(
            "http.requestTimeout",
            CLOCK,
            HttpSettings.DEFAULT.requestTimeout(),
            "From the first byte of a request to its last; over it 408.");
    static final Setting<Duration> HTTP_IDLE_TIMEOUT = line(
            "http.idleTimeout",
            new DurationType(Duration.ofMillis(100), Duration.ofHours(24)),
            HttpSettings.DEFAULT.idleTimeout(),
            "How long a kept connection may wait for its next request.");
    static final Setting<Integer> HTTP_MAX_CONNECTIONS = line(
            "http.maxConnections",
            new CountType(1, 10_000_000),
            HttpSettings.DEFAULT.maxConnections(),
            "Sockets on one listener; over it accepting pauses.");
    static final Setting<Integer> HTTP_MAX_CONNECTIONS_PER_ADDRESS = line(
            "http.maxConnectionsPerAddress",
            QUOTA,
            HttpSettings.DEFAULT.maxConnectionsPerAddress(),
            "Sockets of one address, or of one IPv6 /64, on one listener; over it new ones are closed. Trusted proxies "
                    + "do not count. 0 for no limit.");
    static final Setting<Integer> HTTP_MAX_ACCEPTS_PER_SECOND = line(
            "http.maxAcceptsPerSecond",
            QUOTA,
            HttpSettings.DEFAULT.maxAcceptsPerSecond(),
            "New sockets on one listener in a second; over it they are closed. 0 for no limit.");
    static final Setting<Duration> HTTP_TLS_HANDSHAKE_TIMEOUT = line(
            "http.tlsHandshakeTimeout",
            CLOCK,
            HttpSettings.DEFAULT.tlsHandshakeTimeout(),
            "How long a new connection may take to finish its TLS handshake.");
    static final Setting<List<String>> HTTP_TRUSTED_PROXIES = line(
            "http.trustedProxies",
            new AddressRangesType(),
            HttpSettings.DEFAULT.proxies().trusted(),
            "Proxies whose X-Forwarded-For, -Proto and -Host or Forwarded headers are believed: addresses, ranges such as 10.0.0.0/8, or loopback.");

    static final Setting<Integer> WEBSOCKET_MAX_MESSAGE_BYTES = line(
            "websocket.maxMessageBytes",
            new ByteSizeType(KIB, GIB),
            WebSocketSettings.DEFAULT.maxMessageBytes(),
            "Longest message of a client, fragments joined; over it close 1009.");
    static final Setting<Integer> WEBSOCKET_MAX_UNSENT_BYTES = line(
            "websocket.maxUnsentBytes",
            new ByteSizeType(KIB, GIB),
            WebSocketSettings.DEFAULT.maxUnsentBytes(),
            "Bytes queued for a client that does not read; over it the client is closed as slow.");
    static final Setting<Duration> WEBSOCKET_CLOSE_TIMEOUT = line(
            "websocket.closeTimeout",
            CLOCK,
            WebSocketSettings.DEFAULT.closeTimeout(),
            "How long a close waits for the peer's close frame.");

    static final Setting<Integer> WEBSOCKET_MAX_EMPTY_FRAMES_PER_SECOND = line(
            "websocket.maxEmptyFramesPerSecond",
            COUNT,
            WebSocketSettings.DEFAULT.maxEmptyFramesPerSecond(),
            "Pings, pongs, empty frames and tiny fragments of one client in a second, and its hub pings; over it close 1008.");
    static final Setting<Duration> LONG_POLLING_POLL_TIMEOUT = line(
            "longPolling.pollTimeout",
            CLOCK,
            LongPollingSettings.DEFAULT.pollTimeout(),
            "How long a poll waits for something to answer with; clients give up after 100s.");
    static final Setting<Duration> LONG_POLLING_IDLE_TIMEOUT = line(
            "longPolling.idleTimeout",
            CLOCK,
            LongPollingSettings.DEFAULT.idleTimeout(),
            "Silence between two polls after which a client counts as gone, where its token does not say.");

    static final Setting<WebhookSettings.Addresses> UPSTREAM_ADDRESSES = line(
            "upstream.addresses",
            ChoiceType.of(WebhookSettings.Addresses.values()),
            WebhookSettings.Addresses.ANY,
            WebhookSettings.DEFAULT.addresses(),
            "Which addresses web hooks may have: private excludes this machine, public also private networks, listed all but "
                    + "upstream.allow. Link-local and metadata addresses are always denied.");
    static final Setting<List<WebhookSettings.Allowed>> UPSTREAM_ALLOW = line(
            "upstream.allow",
            new AllowedAddressesType(),
            WebhookSettings.DEFAULT.allow(),
            "Ranges, addresses and hosts that web hooks may have whatever upstream.addresses says.");
    static final Setting<Duration> UPSTREAM_TIMEOUT = line(
            "upstream.timeout",
            CLOCK,
            WebhookSettings.DEFAULT.timeout(),
            "From a web hook's call to the end of its answer, waiting included.");
    static final Setting<Duration> UPSTREAM_CONNECT_TIMEOUT = line(
            "upstream.connectTimeout",
            CLOCK,
            WebhookSettings.DEFAULT.connectTimeout(),
            "How long connecting to one address may take, and again the TLS handshake.");
    static final Setting<Duration> UPSTREAM_IDLE_TIMEOUT = line(
            "upstream.idleTimeout",
            CLOCK,
            WebhookSettings.DEFAULT.idleTimeout(),
            "How long a connection is kept for the next call; shorter than the 5s of usual application servers.");
    static final Setting<Integer> UPSTREAM_MAX_RESPONSE_BYTES = line(
            "upstream.maxResponseBytes",
            new ByteSizeType(KIB, GIB),
            WebhookSettings.DEFAULT.maxResponseBytes(),
            "Longest answer of a web hook.");
    static final Setting<Integer> UPSTREAM_MAX_CONNECTIONS = line(
            "upstream.maxConnections",
            new CountType(1, 10_000),
            WebhookSettings.DEFAULT.maxConnections(),
            "Calls to one host at one time; more wait.");
    static final Setting<Integer> UPSTREAM_MAX_WAITING_BYTES = line(
            "upstream.maxWaitingBytes",
            new ByteSizeType(0, GIB),
            WebhookSettings.DEFAULT.maxWaitingBytes(),
            "Calls that wait for one host, 1 KiB each and their bytes; over it they fail at once.");
    static final Setting<Integer> UPSTREAM_RETRIES = line(
            "upstream.retries",
            new CountType(0, 3),
            WebhookSettings.DEFAULT.retries(),
            "How often a failed call is tried again where that does no harm, after 1, 3 and 5 seconds; never for messages.");
    static final Setting<Integer> UPSTREAM_CIRCUIT_FAILURES = line(
            "upstream.circuit.failures",
            QUOTA,
            CircuitSettings.DEFAULT.failures(),
            "Failed calls within the window after which a host is left alone for a while. 0 for never.");
    static final Setting<Integer> UPSTREAM_CIRCUIT_FAILURE_PERCENT = line(
            "upstream.circuit.failurePercent",
            new CountType(1, 100),
            CircuitSettings.DEFAULT.failurePercent(),
            "And at least this part of all calls within it.");
    static final Setting<Duration> UPSTREAM_CIRCUIT_WINDOW = line(
            "upstream.circuit.window",
            CLOCK,
            CircuitSettings.DEFAULT.window(),
            "Over which time a host's calls are counted.");
    static final Setting<Duration> UPSTREAM_CIRCUIT_OPEN_FOR = line(
            "upstream.circuit.openFor",
            CLOCK,
            CircuitSettings.DEFAULT.openFor(),
            "How long a host is left alone before one call is let through to see.");

    static final Setting<NetworkSettings.Transport> NETWORK_TRANSPORT = line(
            "network.transport",
            new ChoiceType<>(
                    List.of(NetworkSettings.Transport.values()),
                    Map.of(
                            "io_uring",
                            "Tidewire has no io_uring any more: clients that read at once were closed as slow. "
                                    + "Leave network.transport out, or set it to auto")),
            NetworkSettings.DEFAULT.transport(),
            "How sockets are polled; auto takes epoll where it loads.");
    static final Setting<Integer> NETWORK_THREADS = line(
            "network.threads",
            new CountType(0, 1024),
            NetworkSettings.DEFAULT.threads(),
            "Event loops; 0 takes one for each processor.");
    static final Setting<Long> NETWORK_MAX_BUFFERED_BYTES = line(
            "network.maxBufferedBytes",
            new LongByteSizeType(0, 1024L * GIB),
            NetworkSettings.DEFAULT.maxBufferedBytes(),
            "Bytes held for all peers together, in request bodies and for slow clients; over it 503, and slow clients are "
                    + "closed. 0 takes half of the direct memory.");

    static final Setting<Duration> SHUTDOWN_TIMEOUT = line(
            "shutdownTimeout",
            PATIENCE,
            Duration.ofSeconds(8),
            "How long a stop may take; the default ends before container runtimes kill, after 10s.");

    private Catalogue() {}

    /** All settings, in the order of the reference. */
    public static List<Setting<?>> all() {
        return Collections.unmodifiableList(LINES);
    }

    /** All settings as Markdown: key, name in the environment, type, defaults, meaning. */
    public static String reference() {
        return Reference.markdown(all());
    }

    /** The setting of exactly that name; null when there is none. */
    static @Nullable Setting<?> find(String key) {
        for (Setting<?> setting : LINES) {
            if (setting.key().equals(key)) {
                return setting;
            }
        }
        return null;
    }

    /** Whether settings live below that name, as in {@code signalr.keys}. */
    static boolean isSection(String name) {
        return LINES.stream().anyMatch(setting -> setting.key().startsWith(name + "."));
    }

    /** The setting or section whose name looks most like it; null when none looks alike. */
    static @Nullable String nearest(String key) {
        Stream<String> keys = LINES.stream().map(Setting::key);
        return Nearest.among(key, Stream.concat(keys, sections()).toList());
    }

    private static Stream<String> sections() {
        return LINES.stream()
                .map(Setting::key)
                .filter(key -> key.indexOf('.') > 0)
                .map(key -> key.substring(0, key.lastIndexOf('.')))
                .distinct();
    }

    static Settings settings(Values values) {
        return new Settings(
                new NetworkSettings(
                        values.need(NETWORK_TRANSPORT),
                        values.need(NETWORK_THREADS),
                        values.need(NETWORK_MAX_BUFFERED_BYTES)),
                new HttpSettings(
                        values.need(HTTP_MAX_URI_BYTES),
                        values.need(HTTP_MAX_HEADER_BYTES),
                        values.need(HTTP_MAX_HTTP2_HEADER_BYTES),
                        values.need(HTTP_MAX_BODY_BYTES),
                        values.need(HTTP_REQUEST_TIMEOUT),
                        values.need(HTTP_IDLE_TIMEOUT),
                        values.need(HTTP_MAX_CONNECTIONS),
                        values.need(HTTP_MAX_CONNECTIONS_PER_ADDRESS),
                        values.need(HTTP_MAX_ACCEPTS_PER_SECOND),
                        values.need(HTTP_TLS_HANDSHAKE_TIMEOUT),
                        new ProxySettings(values.need(HTTP_TRUSTED_PROXIES))),
                new WebSocketSettings(
                        values.need(WEBSOCKET_MAX_MESSAGE_BYTES),
                        values.need(WEBSOCKET_MAX_UNSENT_BYTES),
                        values.need(WEBSOCKET_CLOSE_TIMEOUT),
                        values.need(WEBSOCKET_MAX_EMPTY_FRAMES_PER_SECOND)),
                new LongPollingSettings(values.need(LONG_POLLING_POLL_TIMEOUT), values.need(LONG_POLLING_IDLE_TIMEOUT)),
                new WebhookSettings(
                        values.need(UPSTREAM_ADDRESSES),
                        values.need(UPSTREAM_ALLOW),
                        values.need(UPSTREAM_TIMEOUT),
                        values.need(UPSTREAM_CONNECT_TIMEOUT),
                        values.need(UPSTREAM_IDLE_TIMEOUT),
                        values.need(UPSTREAM_MAX_RESPONSE_BYTES),
                        values.need(UPSTREAM_MAX_CONNECTIONS),
                        values.need(UPSTREAM_MAX_WAITING_BYTES),
                        values.need(UPSTREAM_RETRIES),
                        new CircuitSettings(
                                values.need(UPSTREAM_CIRCUIT_FAILURES),
                                values.need(UPSTREAM_CIRCUIT_FAILURE_PERCENT),
                                values.need(UPSTREAM_CIRCUIT_WINDOW),
                                values.need(UPSTREAM_CIRCUIT_OPEN_FOR))),
                new TokenSettings(
                        values.need(AUTH_AUDIENCE), values.need(AUTH_LEEWAY), values.need(AUTH_MAX_TOKEN_BYTES)),
                new SignalRSettings(
                        values.need(SIGNALR_LISTEN),
                        values.find(SIGNALR_PREVIEW_LISTEN),
                        tls(values.find(SIGNALR_TLS_CERTIFICATE), values.find(SIGNALR_TLS_KEY)),
                        values.find(SIGNALR_PUBLIC_ENDPOINT),
                        keys(values.find(SIGNALR_KEYS_PRIMARY), values.find(SIGNALR_KEYS_SECONDARY)),
                        values.need(SIGNALR_MODE),
                        values.need(SIGNALR_STRICT_API_VERSION),
                        new ClientSettings(
                                values.need(SIGNALR_ALLOWED_ORIGINS),
                                values.need(SIGNALR_CLIENT_NEGOTIATE_TIMEOUT),
                                values.need(SIGNALR_CLIENT_HANDSHAKE_TIMEOUT),
                                values.need(SIGNALR_CLIENT_KEEP_ALIVE_INTERVAL),
                                values.need(SIGNALR_CLIENT_TIMEOUT),
                                values.need(SIGNALR_CLIENT_TIMEOUT_NEEDS_PING),
                                values.need(SIGNALR_CLIENT_ANSWER_UNROUTED_INVOCATIONS),
                                values.need(SIGNALR_CLIENT_OPEN_STREAMS),
                                values.need(SIGNALR_CLIENT_MAX_OPEN_STREAMS),
                                values.need(SIGNALR_CLIENT_INVOCATION_TIMEOUT),
                                values.need(SIGNALR_CLIENT_MAX_PENDING_INVOCATIONS),
                                new ReconnectSettings(
                                        values.need(SIGNALR_CLIENT_RECONNECT_ENABLED),
                                        values.need(SIGNALR_CLIENT_RECONNECT_WINDOW),
                                        values.need(SIGNALR_CLIENT_RECONNECT_MAX_REPLAY_BYTES))),
                        new LimitSettings(
                                values.need(SIGNALR_LIMITS_CONNECTIONS),
                                values.need(SIGNALR_LIMITS_DIAGNOSTIC_CLIENTS),
                                values.need(SIGNALR_LIMITS_CONNECTS_PER_SECOND),
                                values.need(SIGNALR_LIMITS_MESSAGES_PER_DAY)),
                        new UpstreamSettings(
                                values.need(SIGNALR_UPSTREAM),
                                values.need(SIGNALR_UPSTREAM_CALLS_CLOSE_ON_CONNECTED_FAILURE),
                                values.need(SIGNALR_UPSTREAM_CALLS_MAX_WAITING_BYTES))),
                webPubSub(values),
                new AdminSettings(values.need(ADMIN_LISTEN)),
                values.need(SHUTDOWN_TIMEOUT));
    }

    private static WebPubSubSettings webPubSub(Values values) {
        return new WebPubSubSettings(
                values.need(WEBPUBSUB_LISTEN),
                tls(values.find(WEBPUBSUB_TLS_CERTIFICATE), values.find(WEBPUBSUB_TLS_KEY)),
                values.find(WEBPUBSUB_PUBLIC_ENDPOINT),
                keys(values.find(WEBPUBSUB_KEYS_PRIMARY), values.find(WEBPUBSUB_KEYS_SECONDARY)),
                new io.tidewire.webpubsub.client.ClientSettings(
                        values.need(WEBPUBSUB_ALLOWED_ORIGINS),
                        values.need(WEBPUBSUB_CLIENT_KEEP_ALIVE_INTERVAL),
                        values.need(WEBPUBSUB_CLIENT_TIMEOUT),
                        values.need(WEBPUBSUB_CLIENT_CLOSE_ON_FAILED_EVENT),
                        values.need(WEBPUBSUB_CLIENT_MAX_PENDING_INVOCATIONS),
                        values.need(WEBPUBSUB_CLIENT_MAX_GROUPS),
                        values.need(WEBPUBSUB_CLIENT_MAX_GROUP_STATES),
                        new ReliableSettings(
                                values.need(WEBPUBSUB_CLIENT_RELIABLE_WINDOW),
                                values.need(WEBPUBSUB_CLIENT_RELIABLE_MAX_MESSAGES),
                                values.need(WEBPUBSUB_CLIENT_RELIABLE_MAX_BYTES)),
                        new StreamSettings(
                                values.need(WEBPUBSUB_CLIENT_STREAMS_MAX_OPEN),
                                values.need(WEBPUBSUB_CLIENT_STREAMS_MAX_IDLE))),
                new LimitSettings(
                        values.need(WEBPUBSUB_LIMITS_CONNECTIONS),
                        0,
                        values.need(WEBPUBSUB_LIMITS_CONNECTS_PER_SECOND),
                        values.need(WEBPUBSUB_LIMITS_MESSAGES_PER_DAY)),
                new EventCallSettings(
                        values.need(WEBPUBSUB_EVENT_CALLS_MAX_WAITING_BYTES),
                        values.need(WEBPUBSUB_EVENT_CALLS_RETRIES),
                        values.need(WEBPUBSUB_EVENT_CALLS_MAX_LISTENER_BYTES)),
                values.need(WEBPUBSUB_HUBS));
    }

    /** None where a service is not served. */
    private static @Nullable KeySettings keys(@Nullable String primary, @Nullable String secondary) {
        return primary == null ? null : new KeySettings(primary, secondary);
    }

    /** Both or none, as the rules have made sure. */
    private static @Nullable TlsSettings tls(@Nullable Path certificate, @Nullable Path key) {
        return certificate == null || key == null ? null : new TlsSettings(certificate, key);
    }

    private static ListenSettings at(String host, int port) {
        return new ListenSettings(host, port);
    }

    private static <T> Setting<T> line(String key, Type<T> type, T byDefault, String doc) {
        return line(key, type, byDefault, byDefault, doc);
    }

    private static <T> Setting<T> optional(String key, Type<T> type, String doc) {
        return line(key, type, null, null, doc);
    }

    private static <T> Setting<T> line(String key, Type<T> type, @Nullable T dev, @Nullable T serve, String doc) {
        var setting = new Setting<>(key, type, dev, serve, doc);
        LINES.add(setting);
        return setting;
    }
}
