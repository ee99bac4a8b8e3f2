package io.tidewire.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewire server}: a backend in person, typing what a program would send through the REST API. */
@Command(
        name = "server",
        description = {
            "Send to the clients of a hub of SignalR through its REST API, from a prompt.",
            "Without a terminal it reads commands from standard input, one per line; lines that begin with # are comments."
        },
        footer = {
            "",
            "At the prompt:",
            "  send user ann Hello        send users ann,bob Hello     send group g1 Hello    broadcast Hello",
            "  join g1 user ann           leave g1 connection <id>     exists user ann        close user ann",
            "  help shows all",
            "",
            "Examples:",
            "  tidewire server -h chat",
            "  tidewire server -h chat -c 'Endpoint=https://name.service.signalr.net;AccessKey=...'",
            "  echo 'send user ann Hello' | tidewire server -h chat",
            "",
            "From standard input: exit code 1 if any command failed."
        })
final class ServerCommand implements Callable<Integer> {
    private final Stdio io;

    @Mixin
    private ServiceOption on = new ServiceOption();

    @Option(names = "--target", paramLabel = "NAME", description = "Client method to call. Default: ${DEFAULT-VALUE}.")
    private String target = "SendMessage";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Who sends: the first argument of each call. Default: ${DEFAULT-VALUE}.")
    private String name = "server";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ServerCommand(Stdio io) {
        this.io = io;
    }

    @Override
    public Integer call() throws CommandFailed, InterruptedException {
        if (on.kind() == ServiceKind.WEBPUBSUB) {
            throw WrongUsage.of(
                    spec.commandLine(),
                    "this prompt speaks the REST API of SignalR alone; on Web PubSub 'tidewire client' sends to groups, and curl with"
                            + " 'tidewire token --rest' to everybody");
        }
        var http = Http.client();
        try {
            var api = new RestApi(http, on.service(), on.hub());
            var desk = new OrderDesk(api, name, target, io.out(), io.err());
            if (io.interactive().getAsBoolean()) {
                return prompt(desk);
            }
            return script(desk) ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            http.shutdownNow();
        }
    }

    private int prompt(OrderDesk desk) throws CommandFailed, InterruptedException {
        try (var prompt = Prompt.open("server-history", Completions.ofServer())) {
            io.out().println("Hub " + on.hub() + ". 'help' lists the commands, 'quit' leaves.");
            prompt.run(
                    line -> {
                        var order = OrderSyntax.parse(line);
                        // Failures have been told; the person decides how to go on.
                        var _ = desk.carryOut(order);
                        return !(order instanceof Order.Quit);
                    },
                    io.err());
        }
        return ExitCode.OK;
    }

    /** Goes on after a failure, as a person would. */
    private boolean script(OrderDesk desk) throws CommandFailed, InterruptedException {
        boolean good = true;
        try (var lines = new BufferedReader(new InputStreamReader(io.in(), StandardCharsets.UTF_8))) {
            int number = 0;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                var order = read(line, number);
                if (order instanceof Order.Quit) {
                    return good;
                }
                boolean empty = line.isBlank() || line.strip().startsWith("#");
                good &= empty || (order != null && desk.carryOut(order));
            }
            return good;
        } catch (IOException e) {
            throw new CommandFailed("standard input cannot be read: " + RestApi.reason(e), e);
        }
    }

    private @Nullable Order read(String line, int number) {
        if (line.isBlank() || line.strip().startsWith("#")) {
            return null;
        }
        try {
            return OrderSyntax.parse(line);
        } catch (WrongOrder e) {
            io.err().println("line " + number + ": " + e.getMessage());
            return null;
        }
    }
}
