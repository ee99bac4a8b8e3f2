package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Runs a server in the foreground, from its start to its orderly stop by a signal. */
final class ServerRun {
    private final ServerLauncher launcher;
    private final Stdio io;

    ServerRun(ServerLauncher launcher, Stdio io) {
        this.launcher = launcher;
        this.io = io;
    }

    /**
     * Returns the exit code once the server has stopped.
     *
     * @param announce says what can be done with the running server
     */
    int foreground(Profile profile, Optional<Path> configFile, List<String> sets, Consumer<RunningServer> announce)
            throws BadConfiguration, CommandFailed, InterruptedException {
        long begin = System.nanoTime();
        var end = new CountDownLatch(1);
        // Registered before the start: a signal during it waits for the start to be over, then stops in order.
        try (var _ = new StopSignals(end::countDown);
                var server = launcher.start(profile, configFile, sets)) {
            announce.accept(server);
            io.out().println("Ready in " + millisSince(begin) + " ms. Ctrl-C stops.");
            Thread.ofVirtual().start(() -> watch(server, end));
            end.await();
            begin = System.nanoTime();
        }
        io.out().println("Stopped in " + millisSince(begin) + " ms.");
        return ExitCode.OK;
    }

    /** A server can also stop without a signal. */
    private static void watch(RunningServer server, CountDownLatch end) {
        try {
            server.awaitStop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end.countDown();
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
