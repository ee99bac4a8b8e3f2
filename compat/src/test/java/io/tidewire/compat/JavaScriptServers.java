package io.tidewire.compat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The packaged servers that the JavaScript tests need, and the variables in which the tests find them. */
final class JavaScriptServers {
    private final Map<String, PackagedServer> servers = new LinkedHashMap<>();
    private final Map<String, String> environment = new TreeMap<>();

    /** The settings are those that README.md names for each variable. */
    JavaScriptServers() throws IOException {
        start("TIDEWIRE_CONNECTION_STRING", "javascript");
        start(
                "TIDEWIRE_SHORT_CONNECTION_STRING",
                "javascript-short-times",
                "signalr.client.keepAliveInterval=1s",
                "signalr.client.timeout=3s",
                "auth.leeway=0s",
                "longPolling.pollTimeout=1s");
        start(
                "TIDEWIRE_CONFIGURED_CONNECTION_STRING",
                "javascript-configured",
                "signalr.client.allowedOrigins=http://trusted.example",
                "signalr.client.openStreams=true",
                "signalr.client.invocationTimeout=1s");
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
