package io.tidewire.bench.contestant;

import io.tidewire.bench.load.Clients;
import io.tidewire.bench.load.Requests;
import io.tidewire.bench.load.Upgrade;
import io.tidewire.bench.load.Way;
import io.tidewire.bench.machine.Program;
import io.tidewire.bench.machine.Site;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** nats-server, a broker in Go, with clients over WebSocket. Published to over TCP: it has no HTTP. */
public final class Nats implements Contestant {
    private static final String EVERYBODY = "b";

    @Override
    public String name() {
        return "nats";
    }

    @Override
    public String about(Site site) {
        return "nats-server " + Versions.ofCommand("nats-server", "--version")
                + " (Go), clients over WebSocket, published to over TCP, where nothing is answered";
    }

    @Override
    public Optional<String> missing(Site site) {
        return Versions.onPath("nats-server") == null ? Optional.of("not installed: bench/peers") : Optional.empty();
    }

    @Override
    public Server start(Site site) {
        int port = site.freePort();
        int publishPort = site.freePort();
        String configuration = Templates.fill(
                site.peers().resolve("nats.conf"),
                Map.of("port", Integer.toString(port), "publish", Integer.toString(publishPort)));
        Program program = site.server(
                name(),
                Map.of(),
                List.of(
                        String.valueOf(Versions.onPath("nats-server")),
                        "-c",
                        site.file("nats.conf", configuration).toString()));
        program.await(
                Duration.ofSeconds(10), Duration.ofMillis(20), () -> Http.listens(port) && Http.listens(publishPort));
        return new Server(program, program.pids(), port, publishPort);
    }

    @Override
    public Optional<Clients> clients(Crowd crowd, int count) {
        return switch (crowd) {
            case LISTENERS -> Optional.of(subscribed(count, 1, true));
            case ADDRESSEES -> Optional.of(subscribed(count, 1, false));
            case TENS -> Optional.of(subscribed(count, Audience.TEN, false));
            case SPEAKERS -> Optional.empty();
        };
    }

    private static Clients subscribed(int count, int together, boolean all) {
        List<Upgrade> upgrades = IntStream.range(0, all ? 1 : count)
                .mapToObj(i -> new Upgrade("/", null, null, all ? EVERYBODY : "t" + i / together))
                .toList();
        return new Clients(count, "nats", 0, false, () -> upgrades);
    }

    @Override
    public Optional<Requests> requests(Audience audience, int bytes, int clients) {
        List<String> subjects = switch (audience) {
            case EVERYBODY, EVERYBODY_IN_BURSTS -> List.of(EVERYBODY);
            case GROUP_OF_ONE, GROUP_OF_TEN ->
                IntStream.range(0, audience.many(clients))
                        .mapToObj(i -> "t" + i)
                        .toList();
            case CONNECTION, USER -> List.of();
        };
        String text = Requests.text(bytes - "MSG b 1 128\r\n\r\n".length());
        return subjects.isEmpty()
                ? Optional.empty()
                : Optional.of(Requests.lines(
                        audience.deliveries(clients),
                        subjects.stream()
                                .map(subject -> "PUB " + subject + " " + text.length() + "\r\n" + text + "\r\n")
                                .toList()));
    }

    @Override
    public Optional<Way> way(Coming coming) {
        return coming == Coming.BARE ? Optional.of(new Way.Bare(() -> List.of(Upgrade.to("/")))) : Optional.empty();
    }
}
