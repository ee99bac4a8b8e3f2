package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The steps of the selftest; the first that goes wrong ends it. */
final class Selftest {
    private static final String HUB = "selftest";
    /** Enough for the JVM to see what a busy server runs, little enough to be over in a second or two. */
    private static final int MANY = 300;

    private static final Duration ARRIVAL = Duration.ofSeconds(5);

    private final ServerLauncher launcher;
    private final PrintStream out;

    Selftest(ServerLauncher launcher, PrintStream out) {
        this.launcher = launcher;
        this.out = out;
    }

    void run() throws BadConfiguration, CommandFailed, InterruptedException {
        long begin = System.nanoTime();
        var sets = List.of("signalr.listen=127.0.0.1:0", "webpubsub.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0");
        try (var http = new Closing(Http.client());
                var server = step("start a server", () -> launcher.start(Profile.DEV, Optional.empty(), sets))) {
            var service = ServiceAccess.of(server.signalr().orElseThrow());
            var api = new RestApi(http.client(), service, HUB);
            try (var ann = step("connect ann", () -> connect(http.client(), service, "ann"));
                    var bob = step("connect bob", () -> connect(http.client(), service, "bob"))) {
                messages(api, ann, bob);
                goodbye(api, ann, bob);
            }
            if (server.webPubSub().isPresent()) {
                webPubSub(http.client(), ServiceAccess.of(server.webPubSub().get()));
            }
            step("the server is ready", () -> ready(http.client(), server.admin()));
            rehearseStart(sets, server);
            step("stop the server", Executors.callable(server::close, true));
        }
        out.println("All is well, " + (System.nanoTime() - begin) / 1_000_000 + " ms.");
    }

    /** What the commands that start a server do around it, unheard: this run trains the start-up cache, and a start is what that is for. */
    private static void rehearseStart(List<String> sets, RunningServer server)
            throws BadConfiguration, CommandFailed, InterruptedException {
        var nowhere = new PrintStream(PrintStream.nullOutputStream());
        var io = new Stdio(InputStream.nullInputStream(), nowhere, nowhere, () -> false);
        for (var command : List.of("dev", "serve")) {
            var line = Stream.concat(Stream.of(command), sets.stream().flatMap(set -> Stream.of("--set", set)));
            Objects.requireNonNull(StartLine.read(line.toArray(String[]::new)))
                    .run((_, _, _) -> new Stopped(server), io);
        }
    }

    private static boolean ready(HttpClient http, URI admin) throws CommandFailed, InterruptedException {
        int status = Readiness.ask(http, admin, ARRIVAL).statusCode();
        if (status != 200) {
            throw new CommandFailed("/readyz answered " + status);
        }
        return true;
    }

    private void messages(RestApi api, HubConnection ann, HubConnection bob)
            throws BadConfiguration, CommandFailed, InterruptedException {
        step("broadcast reaches both", () -> {
            send(api, "", "all");
            return expect("all", ann, bob);
        });
        step("a message to ann reaches ann alone", () -> {
            send(api, "/users/ann", "private");
            send(api, "", "public");
            return expect("private", ann) && expect("public", ann, bob);
        });
        step("a group message reaches its member alone", () -> {
            check(api.v1("PUT", "/groups/g/users/bob", null), 200, 202);
            send(api, "/groups/g", "grouped");
            send(api, "", "public");
            return expect("grouped", bob) && expect("public", ann, bob);
        });
        step(MANY + " messages arrive in order", () -> {
            for (int i = 0; i < MANY; i++) {
                send(api, i % 3 == 0 ? "" : i % 3 == 1 ? "/users/bob" : "/groups/g", "m" + i);
                expect("m" + i, bob);
                if (i % 3 == 0) {
                    expect("m" + i, ann);
                }
            }
            return true;
        });
        step("ann exists, carl does not", () -> {
            check(api.v1("HEAD", "/users/ann", null), 200);
            return check(api.v1("HEAD", "/users/carl", null), 404);
        });
    }

    private void goodbye(RestApi api, HubConnection ann, HubConnection bob)
            throws BadConfiguration, CommandFailed, InterruptedException {
        step("closing everybody reaches both", () -> {
            check(api.dated("POST", "/:closeConnections", "&reason=enough"), 200, 202, 204);
            for (var connection : List.of(ann, bob)) {
                var event = connection.next(ARRIVAL);
                if (!(event instanceof ClientLink.Event.Ended<HubMessage.Invocation> ended)
                        || !ended.reason().contains("enough")) {
                    throw new CommandFailed("expected to be closed with 'enough', got " + event);
                }
            }
            return true;
        });
    }

    private void webPubSub(HttpClient http, ServiceAccess service)
            throws BadConfiguration, CommandFailed, InterruptedException {
        var api = new RestApi(http, service, HUB);
        var talk =
                new PubSubTalk(http, service, HUB, "ann", PubSubProtocol.JSON_RELIABLE, _ -> {}, new CountDownLatch(1));
        try (var ann = step("connect ann to Web PubSub", talk::open)) {
            step("what ann sends to her group reaches her", () -> {
                talk.order(new PubSubOrder.Join("g"));
                talk.order(new PubSubOrder.Send("g", "grouped"));
                return expect("grouped", ann);
            });
            step(MANY + " messages over REST arrive in order", () -> {
                for (int i = 0; i < MANY; i++) {
                    check(api.pubSub("POST", i % 2 == 0 ? "/:send" : "/users/ann/:send", "m" + i), 202);
                    expect("m" + i, ann);
                }
                return true;
            });
        }
    }

    private static boolean expect(String text, ClientLink<PubSubFrame.Message> link)
            throws CommandFailed, InterruptedException {
        var event = link.next(ARRIVAL);
        if (!(event instanceof ClientLink.Event.Came<PubSubFrame.Message> came)
                || !came.message().data().equals(JsonText.quoted(text))) {
            throw new CommandFailed("expected the message '" + text + "', got " + event);
        }
        return true;
    }

    private static HubConnection connect(HttpClient http, ServiceAccess service, String user)
            throws ConnectFailed, InterruptedException {
        return HubConnection.open(http, service, HUB, service.clientToken(HUB, user, Map.of(), Duration.ofMinutes(5)));
    }

    private static void send(RestApi api, String path, String text) throws CommandFailed, InterruptedException {
        var body = JsonText.object(json -> json.writeStringProperty("target", "SendMessage")
                .writeName("arguments")
                .writeStartArray()
                .writeString("selftest")
                .writeString(text)
                .writeEndArray());
        check(api.v1("POST", path, body), 202);
    }

    private static boolean check(RestApi.Answer answer, int... expected) throws CommandFailed {
        for (int status : expected) {
            if (answer.status() == status) {
                return true;
            }
        }
        throw new CommandFailed("the REST API answered " + answer.status() + " "
                + Printable.line(answer.body().strip()));
    }

    private static boolean expect(String text, HubConnection... connections)
            throws CommandFailed, InterruptedException {
        for (var connection : connections) {
            var event = connection.next(ARRIVAL);
            if (!(event instanceof ClientLink.Event.Came<HubMessage.Invocation> called)
                    || !called.message().arguments().getLast().equals(JsonText.quoted(text))) {
                throw new CommandFailed("expected the message '" + text + "', got " + event);
            }
        }
        return true;
    }

    private <T> T step(String what, Callable<T> action) throws BadConfiguration, CommandFailed, InterruptedException {
        long begin = System.nanoTime();
        try {
            var result = action.call();
            out.println(
                    String.format(Locale.ROOT, "ok      %-42s %5d ms", what, (System.nanoTime() - begin) / 1_000_000));
            return result;
        } catch (BadConfiguration | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            out.println("FAILED  " + what);
            throw new CommandFailed(what + ": " + e.getMessage(), e);
        }
    }

    /** A server that seems to have stopped by itself, and is left running. */
    private record Stopped(RunningServer server) implements RunningServer {
        @Override
        public List<String> describe() {
            return server.describe();
        }

        @Override
        public Optional<String> signalr() {
            return server.signalr();
        }

        @Override
        public Optional<String> webPubSub() {
            return server.webPubSub();
        }

        @Override
        public URI admin() {
            return server.admin();
        }

        @Override
        public void awaitStop() {}

        @Override
        public void close() {}
    }

    /** The client ends with its last step, however that comes. */
    private record Closing(HttpClient client) implements AutoCloseable {
        @Override
        public void close() {
            client.shutdownNow();
        }
    }
}
