package io.tidewire.bench.contestant;

import io.tidewire.bench.load.Clients;
import io.tidewire.bench.load.Requests;
import io.tidewire.bench.load.Upgrade;
import io.tidewire.bench.load.Way;
import io.tidewire.bench.machine.Program;
import io.tidewire.bench.machine.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A JavaScript library: a script of a few lines around it, which takes messages by POST. */
public final class ScriptPeer implements Contestant {
    /** Which library. */
    public enum Library {
        BUN("bun", "Bun, whose sockets are uWebSockets (C++)"),
        WS("ws", "ws on Node.js"),
        SOCKET_IO("socket.io", "Socket.IO on Node.js, over WebSocket alone");

        private final String contestant;
        private final String about;

        Library(String contestant, String about) {
            this.contestant = contestant;
            this.about = about;
        }
    }

    private final Library library;

    public ScriptPeer(Library library) {
        this.library = library;
    }

    @Override
    public String name() {
        return library.contestant;
    }

    @Override
    public String about(Site site) {
        return library.about + ", " + Versions.ofPackage(modules(site).resolve(library.contestant));
    }

    @Override
    public Optional<String> missing(Site site) {
        if (!Files.isDirectory(modules(site).resolve(library.contestant))) {
            return Optional.of("not installed: bench/peers");
        }
        return library == Library.BUN || Versions.onPath("node") != null
                ? Optional.empty()
                : Optional.of("there is no node");
    }

    private static Path modules(Site site) {
        return site.target().resolve("peers/node_modules");
    }

    @Override
    public Server start(Site site) {
        int port = site.freePort();
        List<String> command = switch (library) {
            case BUN ->
                // The binary itself: npm does not run the script that would make a short name for it.
                List.of(
                        modules(site).resolve("bun/bin/bun.exe").toString(),
                        script(site, "bun.js"),
                        Integer.toString(port));
            case WS -> node(site, "ws.js", port);
            case SOCKET_IO -> node(site, "socketio.js", port);
        };
        Program program = site.server(name(), Map.of(), command);
        program.await(Duration.ofSeconds(10), Duration.ofMillis(20), () -> Http.listens(port));
        return Server.of(program, port);
    }

    private static List<String> node(Site site, String script, int port) {
        return List.of(
                "node",
                script(site, script),
                Integer.toString(port),
                modules(site).toString());
    }

    private static String script(Site site, String name) {
        return site.peers().resolve(name).toString();
    }

    @Override
    public Optional<Clients> clients(Crowd crowd, int count) {
        if (library == Library.SOCKET_IO) {
            // Its server pings, each 25 s.
            return crowd == Crowd.LISTENERS
                    ? Optional.of(
                            Clients.alike(count, "socketio", 0, Upgrade.to("/socket.io/?EIO=4&transport=websocket")))
                    : Optional.empty();
        }
        return switch (crowd) {
            case LISTENERS -> raw(count, List.of(Upgrade.to("/sub/all")));
            case SPEAKERS -> raw(count, List.of(Upgrade.to("/echo/all")));
            case ADDRESSEES -> raw(count, each(count, 1));
            case TENS -> raw(count, each(count, Audience.TEN));
        };
    }

    private static Optional<Clients> raw(int count, List<Upgrade> upgrades) {
        return Optional.of(new Clients(count, "raw", 0, false, () -> upgrades));
    }

    /** One topic for so many clients in a row. */
    private static List<Upgrade> each(int count, int together) {
        return IntStream.range(0, count)
                .mapToObj(i -> Upgrade.to("/sub/t" + i / together))
                .toList();
    }

    @Override
    public Optional<Requests> requests(Audience audience, int bytes, int clients) {
        String text = Requests.text(library == Library.SOCKET_IO ? bytes - "42[\"m\",\"\"]".length() : bytes);
        @Nullable
        List<String> topics = switch (audience) {
            case EVERYBODY, EVERYBODY_IN_BURSTS -> List.of("all");
            case GROUP_OF_ONE, GROUP_OF_TEN ->
                IntStream.range(0, audience.many(clients))
                        .mapToObj(i -> "t" + i)
                        .toList();
            case CONNECTION, USER -> null;
        };
        return topics == null
                ? Optional.empty()
                : Optional.of(Requests.all(
                        audience.deliveries(clients),
                        topics.stream()
                                .map(topic -> Requests.post("/pub/" + topic, "", "text/plain", text))
                                .toList()));
    }

    @Override
    public Optional<String> echo(int bytes) {
        return library == Library.SOCKET_IO ? Optional.empty() : Optional.of(Requests.text(bytes));
    }

    @Override
    public Optional<Way> way(Coming coming) {
        return coming == Coming.BARE && library != Library.SOCKET_IO
                ? Optional.of(new Way.Bare(() -> List.of(Upgrade.to("/echo/all"))))
                : Optional.empty();
    }

    @Override
    public Engine engine() {
        return Engine.JAVASCRIPT;
    }
}
