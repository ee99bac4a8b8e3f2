package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
        return new StartLine(Profile.DEV, config, all).run(launcher, io);
    }

    /** Named as it was typed; the rest is for the setting behind it. */
    private void requireUrl(String option, String typed, String example) {
        if (!typed.matches("(?i)https?://.+")) {
            throw WrongUsage.of(
                    spec.commandLine(),
                    "Invalid value for option '" + option + "': '" + Printable.line(typed) + "' is no URL such as "
                            + example);
        }
    }
}
