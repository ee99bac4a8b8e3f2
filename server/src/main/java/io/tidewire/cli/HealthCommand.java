package io.tidewire.cli;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidewire health}: asks a server whether it is ready; for people, containers and scripts. */
@Command(
        name = "health",
        description = {
            "Ask a running server whether it is ready: GET /readyz of its admin listener.",
            "Prints the answer. Exit code 0 when it is ready, 1 when it is not or does not answer."
        },
        footer = {"", "Examples:", "  tidewire health", "  tidewire health --admin http://10.0.0.5:8900 --timeout 2s"})
final class HealthCommand implements Callable<Integer> {
    private final Stdio io;

    @Option(names = "--admin", paramLabel = "URL", description = "The admin listener. Default: ${DEFAULT-VALUE}.")
    private URI admin = URI.create("http://127.0.0.1:8900");

    @Option(names = "--timeout", paramLabel = "TIME", description = "How long to wait. Default: 5s.")
    private Duration timeout = Duration.ofSeconds(5);

    HealthCommand(Stdio io) {
        this.io = io;
    }

    @Override
    public Integer call() throws CommandFailed, InterruptedException {
        var http = Http.client();
        try {
            var response = Readiness.ask(http, admin, timeout);
            io.out().println(response.statusCode() + " " + response.body().strip());
            if (response.statusCode() == 404) {
                throw new CommandFailed("is " + admin + " the admin listener (setting admin.listen)?");
            }
            return response.statusCode() == 200 ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            http.shutdownNow();
        }
    }
}
