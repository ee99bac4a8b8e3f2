package io.tidewire.cli;

import java.io.PrintStream;
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
    }
}
