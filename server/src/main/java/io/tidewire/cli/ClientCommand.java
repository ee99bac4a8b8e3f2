package io.tidewire.cli;

import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidewire client}: a client of a hub that prints what it receives. */
@Command(
        name = "client",
        description = {
            "Connect to a hub as a user and print every call that arrives: its time, target and arguments.",
            "Comes back after a loss. Ctrl-C ends it. Works with a server of any make that speaks the protocol."
        },
        footer = {
            "",
            "Examples:",
            "  tidewire client ann -h chat",
            "  tidewire client ann -h chat -c 'Endpoint=https://name.service.signalr.net;AccessKey=...'",
            "  tidewire client probe -h chat --count 1 --timeout 10s --quiet     waits for one call, for scripts",
            "",
            "Calls go to standard output, the state of the connection to standard error.",
            "Exit code 0 when stopped or when --count calls have come, 1 when not."
        })
final class ClientCommand implements Callable<Integer> {
    private final Stdio io;

    @Mixin
    private ServiceOption on = new ServiceOption();

    @Parameters(paramLabel = "NAME", description = "User id to connect as.")
    private String name = "";

    @Option(names = "--count", paramLabel = "N", description = "Exit after N calls.")
    private Optional<Integer> count = Optional.empty();

    @Option(names = "--timeout", paramLabel = "TIME", description = "Exit after this time, such as 30s or 5m.")
    private Optional<Duration> timeout = Optional.empty();

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not report the state of the connection.")
    private boolean quiet;

    ClientCommand(Stdio io) {
        this.io = io;
    }

    @Override
    public Integer call() throws CommandFailed, InterruptedException {
        if (name.isBlank()) {
            throw new CommandFailed("the name of the client must not be blank");
        }
        if (count.isPresent() && count.get() < 1) {
            throw new CommandFailed("--count is 1 or more");
        }
        var service = on.service();
        var hub = on.hub();
        var printer = new CallPrinter(io.out(), LocalTime::now);
        int wanted = count.orElse(0);
        var received = new int[1];
        var stop = new CountDownLatch(1);
        var http = Http.client();
        try (var _ = new StopSignals(stop::countDown)) {
            var session = new ClientSession(
                    http,
                    service,
                    hub,
                    () -> service.clientToken(hub, name, Map.<String, List<String>>of(), Duration.ofHours(1)),
                    this::report,
                    new Backoff(RandomGenerator.getDefault()));
            // A century is as good as never, and far from the overflow of nanoTime.
            long deadline =
                    System.nanoTime() + timeout.orElse(Duration.ofDays(36_500)).toNanos();
            var end = session.run(
                    call -> {
                        printer.print(call);
                        return ++received[0] != wanted;
                    },
                    stop,
                    deadline);
            return switch (end) {
                case STOPPED, SATISFIED -> ExitCode.OK;
                case TIMED_OUT -> {
                    if (wanted > 0) {
                        io.err().println("only " + received[0] + " of " + wanted + " calls within the timeout");
                    }
                    yield wanted > 0 ? ExitCode.FAILED : ExitCode.OK;
                }
            };
        } catch (ConnectFailed e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        } finally {
            http.shutdownNow();
        }
    }

    private void report(String state) {
        if (!quiet) {
            io.err().println(state);
        }
    }
}
