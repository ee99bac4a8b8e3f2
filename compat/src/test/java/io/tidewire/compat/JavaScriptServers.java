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
        start("TIDEWIRE_CONNECTION_STRING", "javascript");
        start(
                "TIDEWIRE_SHORT_CONNECTION_STRING",
                "javascript-short-times",
                "signalr.client.keepAliveInterval=1s",
                "signalr.client.timeout=3s",
                "auth.leeway=0s",
                "longPolling.pollTimeout=1s");
        List<Integer> applications = PackagedServer.freePorts(2);
        environment.put("TIDEWIRE_UPSTREAM_PORT", String.valueOf(applications.get(0)));
        environment.put("TIDEWIRE_FAILING_UPSTREAM_PORT", String.valueOf(applications.get(1)));
        environment.put("TIDEWIRE_SECONDARY_KEY", SECONDARY_KEY);
        start(
                "TIDEWIRE_CONFIGURED_CONNECTION_STRING",
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
                "signalr.client.invocationTimeout=1s");
        Certificate certificate = Certificate.create(target.resolve("certificate"));
        start(
                "TIDEWIRE_TLS_CONNECTION_STRING",
                "javascript-tls",
                "signalr.tls.certificate=" + certificate.file(),
                "signalr.tls.key=" + certificate.key());
        environment.computeIfPresent("TIDEWIRE_TLS_CONNECTION_STRING", (_, text) -> text.replace("http:", "https:"));
        environment.put("NODE_EXTRA_CA_CERTS", certificate.file().toString());
    }

    private void start(String variable, String name, String... settings) throws IOException {
        try {
            PackagedServer server = PackagedServer.start(name, settings);
            servers.put(name, server);
            environment.put(variable, server.connectionString());
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
