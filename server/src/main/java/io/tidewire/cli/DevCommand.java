package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidewire dev}: a server for one developer, with lines to copy into the next terminal. */
@Command(
        name = "dev",
        description = {
            "Start a server for development.",
            "It listens on loopback only and takes the ports and the key of the vendor's emulators, so samples run unchanged."
        },
        footer = {
            "",
            "Examples:",
            "  tidewire dev",
            "  tidewire dev --port 9999",
            "  tidewire dev --upstream 'http://localhost:7071/{hub}/{category}/{event}'",
            "  tidewire dev --upstream 'http://localhost:7071/runtime/webhooks/signalr?code=KEY'",
            "  tidewire dev --set admin.listen=127.0.0.1:0 --config my.yaml"
        })
final class DevCommand implements Callable<Integer> {
    private final ServerLauncher launcher;
    private final Stdio io;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Port of the SignalR listener; 0 takes a free one. Default: 8888.")
    private @Nullable Integer port;

    @Option(
            names = "--upstream",
            paramLabel = "URL",
            description = {
                "Your application: each client that comes, speaks or goes is one POST to this URL, and the answer to a call is"
                        + " its result. {hub}, {category} (connections or messages) and {event} are filled in. Default: none.",
                "Rules that part hubs and events belong into a file: setting signalr.upstream."
            })
    private @Nullable String upstream;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting; repeatable, stronger than file and environment.")
    private List<String> sets = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings. Default: none.")
    private Optional<Path> config = Optional.empty();

    DevCommand(ServerLauncher launcher, Stdio io) {
        this.launcher = launcher;
        this.io = io;
    }

    @Override
    public Integer call() throws Exception {
        var all = new ArrayList<String>();
        if (port != null) {
            all.add("signalr.listen=127.0.0.1:" + port);
        }
        if (upstream != null) {
            all.add("signalr.upstream=" + upstream);
        }
        all.addAll(sets);
        return new ServerRun(launcher, io).foreground(Profile.DEV, config, all, this::announce);
    }

    private void announce(RunningServer server) {
        var out = io.out();
        var connection = server.signalr().orElseThrow();
        // The commands below know the default themselves; shorter lines are read, longer ones are not.
        var option = connection.equals(ServiceAccess.DEV) ? "" : " -c '" + connection + "'";
        var program = Program.name();
        server.describe().forEach(out::println);
        out.println();
        out.println("Connection string:");
        out.println("  " + connection);
        out.println();
        out.println("Try it: listen as ann in a second terminal, send from a third.");
        out.println("  " + program + " client ann -h chat" + option);
        out.println("  curl -i '" + ServiceAccess.of(connection).restUrl("/api/v1/hubs/chat")
                + "' -H 'Content-Type: application/json' -H \"Authorization: Bearer $(" + program
                + " token --rest --raw -h chat" + option
                + ")\" -d '{\"target\":\"SendMessage\",\"arguments\":[\"curl\",\"Hello\"]}'");
        out.println();
    }
}
