package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidewire dev}: a server for one developer, with lines to copy into the next terminal. */
@Command(
        name = "dev",
        description = {
            "Start a server for development.",
            "It serves SignalR and Web PubSub, listens on loopback only, and takes the ports and the key of the vendor's emulators,"
                    + " so samples run unchanged."
        },
        footer = {
            "",
            "Examples:",
            "  tidewire dev",
            "  tidewire dev --port 9999 --webpubsub-port 9998",
            "  tidewire dev --upstream 'http://localhost:7071/{hub}/{category}/{event}'",
            "  tidewire dev --upstream 'http://localhost:7071/runtime/webhooks/signalr?code=KEY'",
            "  tidewire dev --event-handler 'http://localhost:7072/eventhandler/{event}'",
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
            names = "--webpubsub-port",
            paramLabel = "PORT",
            description = "Port of the Web PubSub listener; 0 takes a free one. Default: 8080.")
    private @Nullable Integer webPubSubPort;

    @Option(
            names = "--upstream",
            paramLabel = "URL",
            description = {
                "Your application on SignalR: each client that comes, speaks or goes is one POST to this URL, and the answer to a call is"
                        + " its result. {hub}, {category} (connections or messages) and {event} are filled in. Default: none.",
                "Rules that part hubs and events belong into a file: setting signalr.upstream."
            })
    private @Nullable String upstream;

    @Option(
            names = "--event-handler",
            paramLabel = "URL",
            description = {
                "Your application on Web PubSub: it is asked whether a client may connect, gets every event that a client sends,"
                        + " and its answer goes to that client. {hub} and {event} are filled in. Default: none.",
                "Handlers for single hubs and events belong into a file: setting webpubsub.hubs, whose place this option takes."
            })
    private @Nullable String eventHandler;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting; repeatable, stronger than file and environment.")
    private List<String> sets = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings. Default: none.")
    private Optional<Path> config = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

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
            requireUrl("--upstream", upstream, "http://localhost:7071/{hub}/{category}/{event}");
            all.add("signalr.upstream=" + upstream);
        }
        if (webPubSubPort != null) {
            all.add("webpubsub.listen=127.0.0.1:" + webPubSubPort);
        }
        if (eventHandler != null) {
            requireUrl("--event-handler", eventHandler, "http://localhost:7072/eventhandler/{event}");
            all.add("webpubsub.hubs={\"*\": {eventHandlers: [{url: " + JsonText.quoted(eventHandler)
                    + ", userEvents: \"*\", systemEvents: [connect, connected, disconnected]}]}}");
        }
        all.addAll(sets);
        return new ServerRun(launcher, io).foreground(Profile.DEV, config, all, this::announce);
    }

    /** Named as it was typed; the rest is for the setting behind it. */
    private void requireUrl(String option, String typed, String example) {
        if (!typed.matches("(?i)https?://.+")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '" + option + "': '" + Printable.line(typed) + "' is no URL such as "
                            + example);
        }
    }

    private void announce(RunningServer server) {
        server.describe().forEach(io.out()::println);
        server.signalr().ifPresent(this::announceSignalR);
        server.webPubSub().ifPresent(this::announceWebPubSub);
        io.out().println();
    }

    private void announceSignalR(String connection) {
        var out = io.out();
        var program = Program.name();
        var option = option(ServiceKind.SIGNALR, connection);
        out.println();
        out.println("SignalR connection string:");
        out.println("  " + connection);
        out.println("Try it: listen as ann in a second terminal, send from a third.");
        out.println("  " + program + " client ann -h chat" + option);
        out.println("  curl -i '" + ServiceAccess.of(connection).restUrl("/api/v1/hubs/chat")
                + "' -H 'Content-Type: application/json' -H \"Authorization: Bearer $(" + program
                + " token --rest --raw -h chat" + option
                + ")\" -d '{\"target\":\"SendMessage\",\"arguments\":[\"curl\",\"Hello\"]}'");
    }

    private void announceWebPubSub(String connection) {
        var out = io.out();
        var program = Program.name();
        var service = ServiceAccess.of(connection);
        var option = " -s webpubsub" + option(ServiceKind.WEBPUBSUB, connection);
        out.println();
        out.println("Web PubSub connection string:");
        out.println("  " + connection);
        out.println("A client of hub chat that may join and send everywhere, for a day:");
        out.println("  " + service.pubSubUrl("chat") + "?access_token="
                + service.pubSubToken("chat", "dev", Role.ALL, Duration.ofDays(1)));
        out.println("Try it: talk as ann in a second terminal, send from a third.");
        out.println("  " + program + " client ann -h chat" + option);
        out.println("  curl -i '" + service.restUrl("/api/hubs/chat/:send?api-version=2024-12-01")
                + "' -H 'Content-Type: text/plain' -H \"Authorization: Bearer $(" + program
                + " token --rest --raw -h chat" + option + ")\" -d Hello");
    }

    /** The commands know the default themselves; shorter lines are read, longer ones are not. */
    private static String option(ServiceKind kind, String connection) {
        return connection.equals(kind.dev()) ? "" : " -c '" + connection + "'";
    }
}
