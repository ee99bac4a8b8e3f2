package io.tidewire.cli;

import java.io.PrintWriter;
import java.net.BindException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/** The {@code tidewire} command: parses, runs one subcommand, turns whatever happens into an exit code. */
@Command(
        name = "tidewire",
        description =
                "A self-hosted real-time server, wire-compatible with Azure SignalR Service and Azure Web PubSub.",
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
    int run(String... typed) {
        var start = StartLine.read(typed);
        return start == null ? parse(typed) : start(start);
    }

    private int start(StartLine start) {
        try {
            return start.run(seams.launcher(), io);
        } catch (Exception e) {
            return failed(e);
        }
    }

    private int parse(String... typed) {
        var args = withHelpAsAWord(typed);
        var root = new CommandLine(this);
        var commands = commands();
        // Reading the annotations of all takes longer than most commands run.
        var asked = args.length == 0 ? null : commands.get(args[0]);
        if (asked != null) {
            root.addSubcommand(asked.get());
        } else {
            commands.values().forEach(command -> root.addSubcommand(command.get()));
        }
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
        root.registerConverter(ServiceKind.class, ArgumentTypes::kind);
        root.registerConverter(PubSubProtocol.class, ArgumentTypes::protocol);
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

    /** {@code help} and {@code help client} are what people type before they know {@code --help}. */
    private static String[] withHelpAsAWord(String[] typed) {
        if (typed.length == 0 || !typed[0].equals("help")) {
            return typed;
        }
        return typed.length == 1 ? new String[] {"--help"} : new String[] {typed[1], "--help"};
    }

    /** By name, in the order of the help. */
    private Map<String, Supplier<CommandLine>> commands() {
        var commands = new LinkedHashMap<String, Supplier<CommandLine>>();
        commands.put("dev", () -> new CommandLine(new DevCommand(seams.launcher(), io)));
        commands.put("serve", () -> new CommandLine(new ServeCommand(seams.launcher(), io)));
        commands.put("client", () -> new CommandLine(new ClientCommand(io)));
        commands.put("server", () -> new CommandLine(new ServerCommand(io)));
        commands.put("token", () -> new CommandLine(new TokenCommand(io)));
        commands.put("health", () -> new CommandLine(new HealthCommand(io)));
        commands.put(
                "config",
                () -> new CommandLine(new ConfigCommand(io))
                        .addSubcommand(new ConfigCommand.Check(seams.config(), io))
                        .addSubcommand(new ConfigCommand.Reference(seams.config(), io)));
        commands.put("selftest", () -> new CommandLine(new SelftestCommand(seams, io)));
        return commands;
    }

    /**
     * To each command; where {@code -h} names the hub, as in the vendor's sample, help is the long word only. So it is at the
     * root: a mistyped {@code clinet -h chat} must be an error and not a page of help.
     */
    private static void addHelp(CommandLine command) {
        var spec = command.getCommandSpec();
        boolean free = command.getParent() != null && spec.findOption("-h") == null;
        spec.addOption(OptionSpec.builder("--help", free ? new String[] {"-h"} : new String[0])
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
