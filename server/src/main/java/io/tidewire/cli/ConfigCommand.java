package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewire config}: everything about settings that needs no running server. */
@Command(
        name = "config",
        description = "Check a configuration, or print every setting.",
        synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand implements Callable<Integer> {
    private final Stdio io;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigCommand(Stdio io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(io.out());
        return ExitCode.USAGE;
    }

    /** {@code tidewire config check}. */
    @Command(
            name = "check",
            description = {
                "Judge a configuration as 'tidewire serve' would, without starting anything.",
                "Prints one line per problem, exit code 78; or that there is none, exit code 0."
            },
            footer = {"", "Example:", "  tidewire config check --config /etc/tidewire.yaml"})
    static final class Check implements Callable<Integer> {
        private final ConfigTool tool;
        private final Stdio io;

        @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings.")
        private Optional<Path> config = Optional.empty();

        @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting; repeatable.")
        private List<String> sets = List.of();

        @Option(names = "--dev", description = "Judge it as 'tidewire dev' would.")
        private boolean dev;

        Check(ConfigTool tool, Stdio io) {
            this.tool = tool;
            this.io = io;
        }

        @Override
        public Integer call() throws BadConfiguration {
            tool.check(dev ? Profile.DEV : Profile.SERVE, config, sets).forEach(io.out()::println);
            io.out().println("The configuration is good.");
            return ExitCode.OK;
        }
    }

    /** {@code tidewire config reference}. */
    @Command(
            name = "reference",
            description = "Print every setting with its type, its default and what it does.",
            footer = {"", "Example:", "  tidewire config reference | less"})
    static final class Reference implements Callable<Integer> {
        private final ConfigTool tool;
        private final Stdio io;

        Reference(ConfigTool tool, Stdio io) {
            this.tool = tool;
            this.io = io;
        }

        @Override
        public Integer call() {
            io.out().print(tool.reference());
            io.out().flush();
            return ExitCode.OK;
        }
    }
}
