package io.tidewire.bench.contestant;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.Claim;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.bench.load.Clients;
import io.tidewire.bench.load.Requests;
import io.tidewire.bench.load.Upgrade;
import io.tidewire.bench.load.Way;
import io.tidewire.bench.machine.Program;
import io.tidewire.bench.machine.Site;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tidewire as users start it, {@code ./tidewire serve}: tokens checked, pings on, all bounds on. One form of clients each. */
public final class Tidewire implements Contestant {
    /** What its clients are. */
    public enum Form {
        SIGNALR_JSON("tidewire", "signalr-json", "SignalR clients, hub protocol JSON"),
        SIGNALR_MESSAGEPACK("tidewire-messagepack", "signalr-messagepack", "SignalR clients, hub protocol MessagePack"),
        SIGNALR_MIXED("tidewire-mixed", "signalr-mixed", "SignalR clients, JSON and MessagePack by halves"),
        WEBPUBSUB_JSON("tidewire-webpubsub", "webpubsub-json", "Web PubSub clients, json.webpubsub.azure.v1"),
        WEBPUBSUB_RELIABLE(
                "tidewire-reliable", "webpubsub-reliable", "Web PubSub clients, json.reliable.webpubsub.azure.v1"),
        WEBPUBSUB_RAW("tidewire-raw", "raw", "Web PubSub clients without a subprotocol");

        private final String contestant;
        private final String protocol;
        private final String about;

        Form(String contestant, String protocol, String about) {
            this.contestant = contestant;
            this.protocol = protocol;
            this.about = about;
        }

        boolean signalR() {
            return switch (this) {
                case SIGNALR_JSON, SIGNALR_MESSAGEPACK, SIGNALR_MIXED -> true;
                case WEBPUBSUB_JSON, WEBPUBSUB_RELIABLE, WEBPUBSUB_RAW -> false;
            };
        }
    }

    /** How often its clients ping. */
    public static final int PING_SECONDS = 15;

    private static final Duration LIFETIME = Duration.ofHours(2);
    private static final String API = "?api-version=2024-12-01";
    /** Clients that come and go have tokens of their own, as users have. */
    private static final int USERS = 5_000;

    /** Only for this loopback server of a run. */
    private static final String KEY = "a-key-that-benchmarks-alone-have-of-256-bits-or-more";

    private final Form form;
    private final TokenIssuer tokens =
            new TokenIssuer(new AccessKeys("keys", new KeySettings(KEY, null)), InstantSource.system());

    public Tidewire(Form form) {
        this.form = form;
    }

    @Override
    public String name() {
        return form.contestant;
    }

    @Override
    public String about(Site site) {
        return form.about + (form == Form.SIGNALR_JSON ? "; started by ./tidewire serve" : "");
    }

    @Override
    public Optional<String> missing(Site site) {
        return Optional.empty();
    }

    @Override
    public Server start(Site site) {
        int signalR = site.freePort();
        int webPubSub = site.freePort();
        int admin = site.freePort();
        Program program = site.server(name(), environment(), command(site, signalR, webPubSub, admin));
        program.await(Duration.ofSeconds(30), Duration.ofMillis(20), () -> ready(admin));
        return Server.of(program, form.signalR() ? signalR : webPubSub);
    }

    /** What is current when a run begins is what is measured. */
    public static Map<String, String> environment() {
        return Map.of("TIDEWIRE_NO_BUILD", "1");
    }

    public static boolean ready(int adminPort) {
        return Http.ok(adminPort, "/readyz");
    }

    /** The command that starts it with those ports. */
    public static List<String> command(Site site, int signalR, int webPubSub, int admin) {
        String settings = """
                signalr: { listen: "127.0.0.1:%d", keys: { primary: "%s" } }
                webpubsub:
                  listen: "127.0.0.1:%d"
                  keys: { primary: "%s" }
                  hubs: { open: { anonymous: allow } }
                admin: { listen: "127.0.0.1:%d" }
                # While others have their turn, the publishing connections are idle for longer than usual.
                http: { idleTimeout: 1h }
                """.formatted(signalR, KEY, webPubSub, KEY, admin);
        return List.of(
                site.root().resolve("tidewire").toString(),
                "serve",
                "--config",
                site.file("tidewire.yaml", settings).toString());
    }

    @Override
    public Optional<Clients> clients(Crowd crowd, int count) {
        if (crowd != Crowd.LISTENERS && form != Form.WEBPUBSUB_JSON) {
            return Optional.empty();
        }
        return Optional.of(
                switch (crowd) {
                    case LISTENERS -> clients(count, false, () -> Stream.of(listener()));
                    case SPEAKERS ->
                        clients(
                                count,
                                false,
                                () -> numbered(
                                        count,
                                        i -> client(
                                                Claim.of("webpubsub.group", "g" + i),
                                                Claim.of("role", "webpubsub.sendToGroup.g" + i))));
                    case ADDRESSEES ->
                        clients(
                                count,
                                true,
                                () -> numbered(
                                        count,
                                        i -> client(Claim.of("sub", "u" + i), Claim.of("webpubsub.group", "g" + i))));
                    case TENS ->
                        clients(
                                count,
                                false,
                                () -> numbered(
                                        count, i -> client(Claim.of("webpubsub.group", "g" + i / Audience.TEN))));
                });
    }

    private static <T> Stream<T> numbered(int count, IntFunction<T> of) {
        return IntStream.range(0, count).mapToObj(of);
    }

    private Clients clients(int count, boolean expectId, Supplier<Stream<Upgrade>> upgrades) {
        return new Clients(
                count,
                form.protocol,
                PING_SECONDS,
                expectId,
                () -> upgrades.get().toList());
    }

    private Upgrade listener() {
        return form.signalR() ? Upgrade.to("/client/?hub=bench", token("/client/?hub=bench"), null) : client();
    }

    private Upgrade client(Claim... claims) {
        String subprotocol = switch (form) {
            case SIGNALR_JSON, SIGNALR_MESSAGEPACK, SIGNALR_MIXED, WEBPUBSUB_RAW -> null;
            case WEBPUBSUB_JSON -> "json.webpubsub.azure.v1";
            case WEBPUBSUB_RELIABLE -> "json.reliable.webpubsub.azure.v1";
        };
        return Upgrade.to("/client/hubs/bench", token("/client/hubs/bench", claims), subprotocol);
    }

    private String token(String path, Claim... claims) {
        return tokens.issue("http://localhost" + path, LIFETIME, List.of(claims));
    }

    @Override
    public Optional<Requests> requests(Audience audience, int bytes, int clients) {
        if (form.signalR()) {
            String path = "/api/v1/hubs/bench";
            return audience == Audience.EVERYBODY || audience == Audience.EVERYBODY_IN_BURSTS
                    ? Optional.of(Requests.of(
                            clients, Requests.post(path, token(path), "application/json", SignalRMessage.body(bytes))))
                    : Optional.empty();
        }
        IntFunction<String> target = switch (audience) {
            case EVERYBODY, EVERYBODY_IN_BURSTS -> i -> "";
            case CONNECTION -> i -> "/connections/{id:" + i + "}";
            case USER -> i -> "/users/u" + i;
            case GROUP_OF_ONE, GROUP_OF_TEN -> i -> "/groups/g" + i;
        };
        // One token for all: its audience is looked at as far as the service goes, and a caller keeps a token for its
        // lifetime.
        String token = token("/api/hubs/bench");
        String text = Requests.text(bytes - envelope(audience).length());
        return Optional.of(Requests.all(
                audience.deliveries(clients),
                numbered(
                                audience.many(clients),
                                i -> Requests.post(
                                        "/api/hubs/bench" + target.apply(i) + "/:send" + API,
                                        token,
                                        "text/plain",
                                        text))
                        .toList()));
    }

    /** What is around a text that is published. A reliable client's number comes on top. */
    private String envelope(Audience audience) {
        return switch (form) {
            case SIGNALR_JSON, SIGNALR_MESSAGEPACK, SIGNALR_MIXED, WEBPUBSUB_RAW -> "";
            case WEBPUBSUB_JSON, WEBPUBSUB_RELIABLE ->
                audience == Audience.GROUP_OF_ONE || audience == Audience.GROUP_OF_TEN
                        ? "{\"type\":\"message\",\"from\":\"group\",\"group\":\"g1000\",\"dataType\":\"text\",\"data\":\"\"}"
                        : "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":\"\"}";
        };
    }

    @Override
    public Optional<String> echo(int bytes) {
        return form == Form.WEBPUBSUB_JSON
                ? Optional.of("{\"type\":\"sendToGroup\",\"group\":\"g{n}\",\"dataType\":\"text\",\"data\":\""
                        + Requests.text(bytes - envelope(Audience.GROUP_OF_ONE).length()) + "\"}")
                : Optional.empty();
    }

    @Override
    public Optional<Way> way(Coming coming) {
        if (form.signalR()) {
            return coming == Coming.NEGOTIATED
                    ? Optional.of(new Way.Negotiated(
                            "/client/negotiate?hub=bench&negotiateVersion=1",
                            () -> numbered(USERS, i -> token("/client/?hub=bench", Claim.of("nameid", "u" + i)))
                                    .toList()))
                    : Optional.empty();
        }
        return switch (coming) {
            // Where a subprotocol is spoken, clients are told who they are, which is more than an upgrade.
            case BARE ->
                form == Form.WEBPUBSUB_RAW
                        ? Optional.of(new Way.Bare(() -> List.of(Upgrade.to("/client/hubs/open"))))
                        : Optional.empty();
            case TOKEN ->
                Optional.of(new Way.Bare(() ->
                        numbered(USERS, i -> client(Claim.of("sub", "u" + i))).toList()));
            case NEGOTIATED -> Optional.empty();
        };
    }

    @Override
    public Engine engine() {
        return Engine.JVM;
    }
}
