package io.tidewire.compat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The server as it is shipped, run as its own process by {@code dev} on free ports; its output goes to
 * {@code target/servers/<name>.log}. Closing it stops it as an operator would and checks that it ended well.
 */
final class PackagedServer implements AutoCloseable {
    /** The access key of {@code dev}, public knowledge. */
    static final String KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH";

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Process process;
    private final Path log;
    private final int port;
    private final int webPubSubPort;

    private PackagedServer(Process process, Path log, int port, int webPubSubPort) {
        this.process = process;
        this.log = log;
        this.port = port;
        this.webPubSubPort = webPubSubPort;
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param name of its log file
     * @param settings more {@code --set} values, such as {@code signalr.client.timeout=3s}
     */
    static PackagedServer start(String name, String... settings) throws IOException {
        List<Integer> ports = freePorts(3);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                classPath(),
                "io.tidewire.cli.Main",
                "dev"));
        List<String> all = new ArrayList<>(List.of(
                "signalr.listen=127.0.0.1:" + ports.get(0),
                "admin.listen=127.0.0.1:" + ports.get(1),
                "webpubsub.listen=127.0.0.1:" + ports.get(2)));
        all.addAll(List.of(settings));
        for (String setting : all) {
            command.addAll(List.of("--set", setting));
        }
        Path log = Files.createDirectories(Path.of(System.getProperty("tidewire.target"), "servers"))
                .resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command);
        // A developer's own settings are none of these tests' business.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("TIDEWIRE_"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(nullDevice()))
                .start();
        // Whatever happens to the test, nothing keeps running after it.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        PackagedServer server = new PackagedServer(process, log, ports.get(0), ports.get(2));
        try {
            server.awaitReady(URI.create("http://127.0.0.1:" + ports.get(1) + "/readyz"));
        } catch (RuntimeException | Error e) {
            process.destroyForcibly();
            throw new AssertionError("The packaged server did not become ready. Its log:\n" + server.logText(), e);
        }
        return server;
    }

    /** Where REST callers and clients find the SignalR listener, without a trailing slash. */
    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    String key() {
        return KEY;
    }

    /** As an application would be given it. */
    String connectionString() {
        return "Endpoint=http://127.0.0.1;Port=" + port + ";AccessKey=" + KEY + ";Version=1.0;";
    }

    /** As an application that uses Web PubSub would be given it. */
    String webPubSubConnectionString() {
        return "Endpoint=http://127.0.0.1:" + webPubSubPort + ";AccessKey=" + KEY + ";Version=1.0;";
    }

    /** Ends it at once, without a look at how. */
    void kill() {
        process.destroyForcibly();
    }

    /** Stops it with SIGTERM; fails unless it ends by itself, in time, with exit code 0 and a clean log. */
    @Override
    public void close() {
        assertThat(process.isAlive())
                .as("the server runs until it is stopped; its log:\n%s", logText())
                .isTrue();
        process.destroy();
        if (!endsWithin(STOP_LIMIT)) {
            process.destroyForcibly();
            throw new AssertionError("The server was still running " + STOP_LIMIT.toSeconds()
                    + " s after SIGTERM. Its log:\n" + logText());
        }
        String text = logText();
        assertThat(process.exitValue()).as("exit code; log:\n%s", text).isZero();
        assertThat(text).as("buffers that leaked").doesNotContain("LEAK:");
        assertThat(text).as("stack traces").doesNotContain("\n\tat ");
        // A developer is greeted with a client URL that is ready to open.
        String log = text.substring(text.indexOf("Ready in"));
        assertThat(log).as("tokens in the log").doesNotContain("eyJhbGciOi");
    }

    private boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitReady(URI readyz) {
        HttpRequest request =
                HttpRequest.newBuilder(readyz).timeout(Duration.ofSeconds(2)).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> {
                // No use in waiting for a process that ended already: leave, and let the check below say so.
                return !process.isAlive() || isReady(http, request);
            });
        }
        assertThat(process.isAlive()).as("the server is running").isTrue();
    }

    private static boolean isReady(HttpClient http, HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notListeningYet) {
            return false;
        }
    }

    private String logText() {
        try {
            return Files.readString(log, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath() throws IOException {
        Path lib = Path.of(System.getProperty("tidewire.lib")).normalize();
        if (!Files.isDirectory(lib)) {
            throw new AssertionError("There is no packaged server in " + lib
                    + ". It is packaged before these tests by: mvn verify (from the root, or with -pl compat -am)");
        }
        try (var files = Files.list(lib)) {
            List<String> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .map(Path::toString)
                    .sorted()
                    .toList();
            return String.join(System.getProperty("path.separator"), jars);
        }
    }

    private static java.io.File nullDevice() {
        return new java.io.File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    /** Ports that were free a moment ago; all are held until the last is known, so that they differ. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
