package io.tidewire.cli;

import java.io.PrintWriter;
import java.net.BindException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/** The {@code tidewire} command: parses, runs one subcommand, turns whatever happens into an exit code. */
@Command(
        name = "tidewire",
        description = "A self-hosted real-time server, wire-compatible with Azure SignalR Service.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Try it in three terminals:",
            "  tidewire dev",
            "  tidewire client ann -h chat",
            "  tidewire server -h chat        then type: send user ann Hello",
            "",
            "'tidewire COMMAND --help' explains a command, with examples.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong command line, 78 bad configuration"
        })
final class Program {
    private final Seams seams;
    private final Stdio io;

    Program(Seams seams, Stdio io) {
        this.seams = seams;
        this.io = io;
    }

    /** Never throws and never exits: the caller does with the exit code. */
    int run(String... args) {
        var root = new CommandLine(this);
        root.addSubcommand(new DevCommand(seams.launcher(), io));
        root.addSubcommand(new ServeCommand(seams.launcher(), io));
        root.addSubcommand(new ClientCommand(io));
        root.addSubcommand(new ServerCommand(io));
        root.addSubcommand(new TokenCommand(io));
        root.addSubcommand(new HealthCommand(io));
        var config = new CommandLine(new ConfigCommand(io));
        config.addSubcommand(new ConfigCommand.Check(seams.config(), io));
        config.addSubcommand(new ConfigCommand.Reference(seams.config(), io));
        root.addSubcommand(config);
        root.addSubcommand(new SelftestCommand(seams, io));
        addHelp(root);
        root.getCommandSpec()
                .versionProvider(() -> new String[] {Version.line()})
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Show the version and exit.")
                        .build());
        root.registerConverter(Duration.class, ArgumentTypes::duration);
        root.registerConverter(ServiceAccess.class, ArgumentTypes::service);
        root.registerConverter(URI.class, ArgumentTypes::httpUrl);
        root.registerConverter(HubName.class, ArgumentTypes::hub);
        root.setOut(new PrintWriter(io.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(io.err(), true, StandardCharsets.UTF_8));
        root.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
        root.setParameterExceptionHandler(Program::wrongCommandLine);
        root.setExecutionExceptionHandler((e, _, _) -> failed(e));
        if (args.length == 0) {
            root.usage(io.out());
            return ExitCode.USAGE;
        }
        return root.execute(args);
    }

    /** To each command; where {@code -h} names the hub, as in the vendor's sample, help is the long word only. */
    private static void addHelp(CommandLine command) {
        var spec = command.getCommandSpec();
        spec.addOption(OptionSpec.builder("--help", spec.findOption("-h") == null ? new String[] {"-h"} : new String[0])
                .usageHelp(true)
                .description("Show this help and exit.")
                .build());
        command.getSubcommands().values().forEach(Program::addHelp);
    }

    /** Says what is wrong and where help is, instead of printing a page of it. */
    private static int wrongCommandLine(CommandLine.ParameterException e, String[] args) {
        var command = e.getCommandLine();
        var err = command.getErr();
        err.println(e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE;
    }

    private int failed(Exception e) {
        return switch (e) {
            case BadConfiguration bad -> {
                bad.problems().forEach(io.err()::println);
                yield ExitCode.BAD_CONFIGURATION;
            }
            case CommandFailed failed -> {
                io.err().println(failed.getMessage());
                // A taken port is the configuration's to change, whoever noticed it.
                yield causedByBind(failed) ? ExitCode.BAD_CONFIGURATION : ExitCode.FAILED;
            }
            case InterruptedException _ -> {
                Thread.currentThread().interrupt();
                yield ExitCode.FAILED;
            }
            default -> {
                io.err().println("internal error: " + e + " (JVM option -Dtidewire.debug=true shows where)");
                if (Boolean.getBoolean("tidewire.debug")) {
                    e.printStackTrace(io.err());
                }
                yield ExitCode.FAILED;
            }
        };
    }

    private static boolean causedByBind(Exception e) {
        for (@Nullable Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    /** How the person started the program, for lines to copy; the launcher passes it on. */
    static String name() {
        return System.getProperty("tidewire.program", "tidewire");
    }
}
