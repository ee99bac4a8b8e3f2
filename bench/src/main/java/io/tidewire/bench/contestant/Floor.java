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

/** The least a server can do: a C program that calls {@code send()} once for each delivery, and checks nothing. */
public final class Floor implements Contestant {
    public static final String NAME = "floor";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about(Site site) {
        return "bench/src/main/c/floor.c: one thread, one send() for each delivery (one for each burst in `burst`), checks nothing";
    }

    @Override
    public Optional<String> missing(Site site) {
        return Optional.empty();
    }

    @Override
    public Server start(Site site) {
        int port = site.freePort();
        Program program = site.server(
                NAME, Map.of(), List.of(site.target().resolve("floor").toString(), Integer.toString(port)));
        program.await(Duration.ofSeconds(5), Duration.ofMillis(20), () -> Http.listens(port));
        return Server.of(program, port);
    }

    @Override
    public Optional<Clients> clients(Crowd crowd, int count) {
        // It only sends, so nobody pings it. What a client of SignalR gets is what the load reads fastest.
        return Optional.of(
                crowd == Crowd.SPEAKERS
                        ? Clients.alike(count, "raw", 0, Upgrade.to("/raw"))
                        : Clients.alike(count, "signalr-json", 0, Upgrade.to("/")));
    }

    @Override
    public Optional<Requests> requests(Audience audience, int bytes, int clients) {
        List<String> paths = switch (audience) {
            case EVERYBODY -> List.of("/publish");
            case EVERYBODY_IN_BURSTS -> List.of("/burst/" + Audience.BURST);
            case CONNECTION, USER, GROUP_OF_ONE ->
                IntStream.range(0, clients).mapToObj(i -> "/publish/" + i).toList();
            case GROUP_OF_TEN ->
                IntStream.range(0, audience.many(clients))
                        .mapToObj(i -> "/publish/" + i * Audience.TEN + "-" + (i * Audience.TEN + 9))
                        .toList();
        };
        String body = SignalRMessage.body(bytes);
        return Optional.of(Requests.all(
                audience.deliveries(clients),
                paths.stream()
                        .map(path -> Requests.post(path, "", "application/json", body))
                        .toList()));
    }

    @Override
    public Optional<String> echo(int bytes) {
        return Optional.of(Requests.text(bytes));
    }

    @Override
    public Optional<Way> way(Coming coming) {
        return switch (coming) {
            case BARE -> Optional.of(new Way.Bare(() -> List.of(Upgrade.to("/raw"))));
            case TOKEN -> Optional.empty();
            case NEGOTIATED -> Optional.of(new Way.Negotiated("/client/negotiate", () -> List.of("-")));
        };
    }
}
