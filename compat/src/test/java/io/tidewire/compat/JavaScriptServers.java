package io.tidewire.compat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The packaged servers that the JavaScript tests need, and the variables in which the tests find them. */
final class JavaScriptServers {
    private static final String SECONDARY_KEY = "the-second-key-of-the-javascript-tests-0123456789";

    private final Map<String, PackagedServer> servers = new LinkedHashMap<>();
    private final Map<String, String> environment = new TreeMap<>();

    /** The settings are those that README.md names for each variable. */
    JavaScriptServers(Path target) throws IOException, InterruptedException {
        start("", "javascript");
        start(
                "SHORT_",
                "javascript-short-times",
                "signalr.client.keepAliveInterval=1s",
                "signalr.client.timeout=3s",
                "auth.leeway=0s",
                "auth.audience=strict",
                "longPolling.pollTimeout=1s",
                "webpubsub.client.keepAliveInterval=1s",
                "webpubsub.client.timeout=3s",
                "webpubsub.client.reliable.window=2s");
        List<Integer> applications = PackagedServer.freePorts(4);
        environment.put("TIDEWIRE_UPSTREAM_PORT", String.valueOf(applications.get(0)));
        environment.put("TIDEWIRE_FAILING_UPSTREAM_PORT", String.valueOf(applications.get(1)));
        environment.put("TIDEWIRE_EVENT_HANDLER_PORT", String.valueOf(applications.get(2)));
        environment.put("TIDEWIRE_AWAY_HANDLER_PORT", String.valueOf(applications.get(3)));
        environment.put("TIDEWIRE_SECONDARY_KEY", SECONDARY_KEY);
        start(
                "CONFIGURED_",
                "javascript-configured",
                "signalr.keys.secondary=" + SECONDARY_KEY,
                "signalr.upstream=["
                        + "{url: \"http://127.0.0.1:" + applications.get(0)
                        + "/hooks/{hub}/{category}/{event}\", hubs: application},"
                        + "{url: \"http://127.0.0.1:" + applications.get(1) + "/\", hubs: failing},"
                        + "{url: \"http://127.0.0.1:1/\", hubs: down}]",
                "upstream.timeout=4s",
                "signalr.client.allowedOrigins=http://trusted.example",
                "signalr.client.openStreams=true",
                "signalr.client.invocationTimeout=1s",
                "webpubsub.keys.secondary=" + SECONDARY_KEY,
                "webpubsub.client.allowedOrigins=http://trusted.example",
                "webpubsub.hubs=" + hubs(applications.get(2), applications.get(3)));
        Certificate certificate = Certificate.create(target.resolve("certificate"));
        start(
                "TLS_",
                "javascript-tls",
                "signalr.tls.certificate=" + certificate.file(),
                "signalr.tls.key=" + certificate.key(),
                "webpubsub.tls.certificate=" + certificate.file(),
                "webpubsub.tls.key=" + certificate.key());
        for (String service : List.of("", "WEBPUBSUB_")) {
            environment.computeIfPresent(variable(service + "TLS_"), (_, text) -> text.replace("http:", "https:"));
        }
        environment.put("NODE_EXTRA_CA_CERTS", certificate.file().toString());
    }

    /** Hubs of Web PubSub by what their event handlers are: the vendor's newest, its older one, one that comes and goes, ... */
    private static String hubs(int handlers, int away) {
        String system = "systemEvents: [connect, connected, disconnected]";
        String all = "userEvents: \"*\", " + system;
        return "{open: {anonymous: allow},"
                + hub("events", handlers, all + ", groupEvents: [joined, left], groups: \"**\"")
                + hub("older", handlers, all)
                + hub("some", handlers, "userEvents: \"chat, note\", systemEvents: [connected]")
                + hub("listed", handlers, all)
                + hub("unlisted", handlers, all)
                + hub("away", away, "userEvents: \"*\"")
                + hub("gone", 1, all)
                + "}";
    }

    private static String hub(String name, int port, String events) {
        return name + ": {eventHandlers: [{url: \"http://127.0.0.1:" + port + "/api/webpubsub/hubs/" + name
                + "/{event}\", " + events + "}]},";
    }

    /** What the tests call a connection string of a server of that kind. */
    private static String variable(String kind) {
        return "TIDEWIRE_" + kind + "CONNECTION_STRING";
    }

    private void start(String kind, String name, String... settings) throws IOException {
        try {
            PackagedServer server = PackagedServer.start(name, settings);
            servers.put(name, server);
            environment.put(variable(kind), server.connectionString());
            environment.put(variable("WEBPUBSUB_" + kind), server.webPubSubConnectionString());
        } catch (IOException | RuntimeException | Error e) {
            servers.values().forEach(PackagedServer::kill);
            throw e;
        }
    }

    /** What the tests are told. */
    Map<String, String> environment() {
        return environment;
    }

    /** Tests that stop the servers; how they end is a result as well. */
    Stream<DynamicTest> ends() {
        return servers.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        "the server " + entry.getKey() + " stops in order", entry.getValue()::close));
    }
}
