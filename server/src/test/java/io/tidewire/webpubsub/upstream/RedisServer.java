package io.tidewire.webpubsub.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A real redis-server on a free port of this machine, in memory. Where none is installed the test is skipped and says so. */
final class RedisServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/redis-server");

    final int port;
    private final Path directory;
    private final String password;
    private @Nullable Process process;

    private RedisServer(String password) {
        this.password = password;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
            this.directory = Files.createTempDirectory("tidewire-redis");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static RedisServer start() {
        return start("");
    }

    static RedisServer start(String password) {
        RedisServer server = stopped(password);
        server.run();
        return server;
    }

    /** Has a port, and nobody listens there yet. */
    static RedisServer stopped(String password) {
        if (!Files.isExecutable(PROGRAM)) {
            boolean needed = "true".equalsIgnoreCase(System.getenv("REQUIRE_ALL_TESTS"))
                    || "true".equalsIgnoreCase(System.getenv("CI"));
            String why = "No " + PROGRAM + ": install redis-server to run the tests of Redis";
            if (needed) {
                Assertions.fail(why);
            }
            System.out.println("SKIPPED: " + why);
            Assumptions.abort(why);
        }
        return new RedisServer(password);
    }

    void run() {
        var command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString()));
        if (!password.isEmpty()) {
            command.addAll(List.of("--requirepass", password));
        }
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        await().until(this::answers);
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(UTF_8));
            int first = socket.getInputStream().read();
            return first == '+' || first == '-';
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Nothing of it is left. */
    void stop() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The endpoint of a listener. */
    String url(String stream) {
        return "redis://" + (password.isEmpty() ? "" : ":" + password + "@") + "127.0.0.1:" + port + "/0?stream="
                + stream;
    }

    /** A client of its own. */
    Session session() {
        RedisURI uri = RedisURI.create("127.0.0.1", port);
        if (!password.isEmpty()) {
            uri = RedisURI.builder(uri).withPassword(password.toCharArray()).build();
        }
        return new Session(RedisClient.create(uri));
    }

    static final class Session implements AutoCloseable {
        private final RedisClient client;
        final StatefulRedisConnection<String, String> connection;

        private Session(RedisClient client) {
            this.client = client;
            this.connection = client.connect();
        }

        @Override
        public void close() {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
