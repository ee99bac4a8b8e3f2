package io.tidewire.cli;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewire client}: a client of a hub that prints what it receives and, on Web PubSub, sends what is typed. */
@Command(
        name = "client",
        description = {
            "Connect to a hub as a user and print every call or message that arrives, with its time.",
            "Comes back after a loss. Ctrl-C ends it. Works with a server of any make that speaks the protocol.",
            "On Web PubSub it also joins groups and sends: at a prompt, or from standard input, one command per line."
        },
        footer = {
            "",
            "At the prompt of Web PubSub:",
            "  join lobby    leave lobby    send lobby Hello    event login {\"name\":\"ann\"}    ping    raw TEXT    help",
            "",
            "Examples:",
            "  tidewire client ann -h chat",
            "  tidewire client ann -h chat -c 'Endpoint=https://name.service.signalr.net;AccessKey=...'",
            "  tidewire client probe -h chat --count 1 --timeout 10s --quiet     waits for one call, for scripts",
            "  tidewire client ann -h chat -s webpubsub",
            "  echo 'send lobby Hello' | tidewire client bot -h chat -s webpubsub     leaves when it is done",
            "",
            "What arrives goes to standard output, the state of the connection to standard error.",
            "Exit code 0 when stopped or when --count messages have come, 1 when not, or when a command failed."
        })
final class ClientCommand implements Callable<Integer> {
    private final Stdio io;

    @Mixin
    private ServiceOption on = new ServiceOption();

    @Parameters(paramLabel = "NAME", description = "User id to connect as.")
    private String name = "";

    @Option(
            names = "--protocol",
            paramLabel = "PROTOCOL",
            description =
                    "Web PubSub: json.reliable, json or simple. Default: json.reliable, which recovers what it missed.")
    private @Nullable PubSubProtocol protocol;

    @Option(names = "--count", paramLabel = "N", description = "Exit after N calls or messages.")
    private Optional<Integer> count = Optional.empty();

    @Option(names = "--timeout", paramLabel = "TIME", description = "Exit after this time, such as 30s or 5m.")
    private Optional<Duration> timeout = Optional.empty();

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not report the state of the connection.")
    private boolean quiet;

    @Spec
    private CommandSpec spec = CommandSpec.create();

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
        if (protocol != null && on.kind() == ServiceKind.SIGNALR) {
            throw WrongUsage.of(spec.commandLine(), "--protocol is for --service webpubsub");
        }
        var stop = new CountDownLatch(1);
        var http = Http.client();
        try (var _ = new StopSignals(stop::countDown)) {
            return switch (on.kind()) {
                case SIGNALR -> signalr(http, stop);
                case WEBPUBSUB -> webPubSub(http, stop);
            };
        } catch (ConnectFailed e) {
            throw new CommandFailed(String.valueOf(e.getMessage()), e);
        } finally {
            http.shutdownNow();
        }
    }

    private int signalr(HttpClient http, CountDownLatch stop) throws ConnectFailed, InterruptedException {
        var service = on.service();
        var hub = on.hub();
        var printer = new CallPrinter(io.out(), LocalTime::now);
        // A fresh token for each attempt: an old one may have expired meanwhile.
        return run(
                () -> HubConnection.open(
                        http, service, hub, service.clientToken(hub, name, Map.of(), Duration.ofHours(1))),
                printer::print,
                this::report,
                stop);
    }

    private int webPubSub(HttpClient http, CountDownLatch stop)
            throws ConnectFailed, CommandFailed, InterruptedException {
        if (!io.interactive().getAsBoolean()) {
            return webPubSub(http, stop, io.out()::println, this::report, talk -> script(talk));
        }
        try (var prompt = Prompt.open("client-history", Completions.ofClient())) {
            io.out().println("Hub " + on.hub() + ". 'help' lists the commands, 'quit' leaves.");
            return webPubSub(
                    http,
                    stop,
                    prompt::say,
                    state -> {
                        if (!quiet) {
                            prompt.say(state);
                        }
                    },
                    talk -> {
                        prompt.run(line -> typed(line, talk, prompt), io.err());
                        stop.countDown();
                    });
        }
    }

    /** Where orders come from; on a thread of its own, as it waits for a person or for another program. */
    @FunctionalInterface
    private interface Orders {
        void read(PubSubTalk talk) throws InterruptedException;
    }

    private int webPubSub(
            HttpClient http, CountDownLatch stop, Consumer<String> out, Consumer<String> state, Orders orders)
            throws ConnectFailed, InterruptedException {
        var talk = new PubSubTalk(
                http,
                on.service(),
                on.hub(),
                name,
                protocol == null ? PubSubProtocol.JSON_RELIABLE : protocol,
                state,
                stop);
        Thread.ofPlatform().daemon().name("tidewire-orders").start(() -> {
            try {
                orders.read(talk);
            } catch (InterruptedException leaving) {
                Thread.currentThread().interrupt();
            }
        });
        int code = run(talk::open, new FramePrinter(out, LocalTime::now)::print, state, stop);
        return talk.hasFailed() ? ExitCode.FAILED : code;
    }

    private static boolean typed(String line, PubSubTalk talk, Prompt prompt) throws WrongOrder {
        var order = PubSubOrder.parse(line);
        switch (order) {
            case PubSubOrder.Help _ -> prompt.say(PubSubOrder.HELP.stripTrailing());
            case PubSubOrder.Quit _ -> {}
            case PubSubOrder.Sent sent -> talk.order(sent);
        }
        return !(order instanceof PubSubOrder.Quit);
    }

    /** Goes on after a failure, as a person would; leaves at the end unless it is to wait for something. */
    private void script(PubSubTalk talk) {
        new PubSubScript(talk, io).read(count.isPresent() || timeout.isPresent());
    }

    private <M> int run(ClientLink.Opener<M> opener, Consumer<M> print, Consumer<String> state, CountDownLatch stop)
            throws ConnectFailed, InterruptedException {
        int wanted = count.orElse(0);
        var received = new int[1];
        // A century is as good as never, and far from the overflow of nanoTime.
        long deadline =
                System.nanoTime() + timeout.orElse(Duration.ofDays(36_500)).toNanos();
        var end = new ClientSession<>(opener, state, new Backoff(RandomGenerator.getDefault()))
                .run(
                        message -> {
                            print.accept(message);
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
    }

    private void report(String state) {
        if (!quiet) {
            io.err().println(state);
        }
    }
}
