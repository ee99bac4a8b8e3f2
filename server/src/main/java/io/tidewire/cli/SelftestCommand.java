package io.tidewire.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tidewire selftest}: does this installation work on this machine? */
@Command(
        name = "selftest",
        description = {
            "Start a private server on free ports of this machine, connect clients to both services, send to them and check what arrives.",
            "Takes a few seconds, touches nothing that is running. Exit code 0 when all is well, 1 when not."
        },
        footer = {"", "Example:", "  tidewire selftest"})
final class SelftestCommand implements Callable<Integer> {
    /** A little of what a settings file can hold; a good one. */
    static final String SETTINGS = """
            signalr:
              listen: 127.0.0.1:0
              keys: { primary: "a-key-that-nobody-uses-of-32-bytes-or-more" }
              upstream:
                - { url: "http://127.0.0.1:7071/{hub}/{category}/{event}", hubs: "*", categories: "*", events: "*" }
            webpubsub:
              listen: 127.0.0.1:0
              keys: { primary: "a-key-that-nobody-uses-of-32-bytes-or-more" }
              hubs:
                chat:
                  anonymous: allow
                  eventHandlers:
                    - { url: "http://127.0.0.1:7072/{event}", userEvents: "*", systemEvents: [connect, disconnected] }
            admin: { listen: 127.0.0.1:0 } # on any free port
            http: { idleTimeout: 1h }
            """;

    private final Seams seams;
    private final Stdio io;

    SelftestCommand(Seams seams, Stdio io) {
        this.seams = seams;
        this.io = io;
    }

    @Override
    public Integer call() throws BadConfiguration, CommandFailed, InterruptedException {
        rehearse();
        new Selftest(seams.launcher(), io.out()).run();
        return ExitCode.OK;
    }

    /** The short commands, unheard: this run also trains the cache with which later ones start faster. */
    private void rehearse() {
        var nowhere = new PrintStream(PrintStream.nullOutputStream());
        var program = new Program(seams, new Stdio(io.in(), nowhere, nowhere, () -> false));
        program.run("--version");
        program.run("--help");
        program.run("token", "--hub", "chat", "--user", "ann", "--json");
        program.run("token", "--hub", "chat", "--rest", "--raw");
        program.run("token", "--service", "webpubsub", "--hub", "chat", "--role", "joinLeaveGroup");
        rehearseFile(program);
    }

    /** Reading a settings file, as most servers start with one: without this, that alone would be a quarter of their start. */
    private static void rehearseFile(Program program) {
        try {
            var file = Files.createTempFile("tidewire-selftest", ".yaml");
            try {
                Files.writeString(file, SETTINGS);
                program.run("config", "check", "--config", file.toString());
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException nowhereToWrite) {
            // An installation that cannot write anywhere works as well.
        }
    }
}
