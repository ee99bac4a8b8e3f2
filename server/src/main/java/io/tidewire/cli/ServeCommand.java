package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidewire serve}: a server for everything but development. */
@Command(
        name = "serve",
        description = {
            "Start a server as configured.",
            "Settings come from the file, then the environment (TIDEWIRE_SIGNALR_LISTEN for signalr.listen), then --set.",
            "SIGTERM and Ctrl-C stop it in order: exit code 0. A second one ends it at once."
        },
        footer = {
            "",
            "Examples:",
            "  tidewire serve --config /etc/tidewire.yaml",
            "  tidewire serve --config tidewire.yaml --set signalr.listen=0.0.0.0:9000",
            "  tidewire config check --config tidewire.yaml     judges the file without starting",
            "  tidewire config reference                        prints every setting"
        })
final class ServeCommand implements Callable<Integer> {
    private final ServerLauncher launcher;
    private final Stdio io;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A YAML file of settings. Default: none, environment and --set alone.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting; repeatable, stronger than file and environment.")
    private List<String> sets = List.of();

    ServeCommand(ServerLauncher launcher, Stdio io) {
        this.launcher = launcher;
        this.io = io;
    }

    @Override
    public Integer call() throws Exception {
        return new StartLine(Profile.SERVE, config, sets).run(launcher, io);
    }
}
