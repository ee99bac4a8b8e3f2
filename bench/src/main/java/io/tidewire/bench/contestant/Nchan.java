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

/** nchan, a module of nginx with an HTTP publish API: of the peers the nearest to what Tidewire does. */
public final class Nchan implements Contestant {
    private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

    @Override
    public String name() {
        return "nchan";
    }

    @Override
    public String about(Site site) {
        return "nchan in nginx " + Versions.ofCommand("/usr/sbin/nginx", "-v") + " (C), one worker";
    }

    @Override
    public Optional<String> missing(Site site) {
        return Versions.onPath("nginx") != null && Files.exists(MODULE)
                ? Optional.empty()
                : Optional.of("not installed: bench/peers");
    }

    @Override
    public Server start(Site site) {
        int port = site.freePort();
        String user = System.getProperty("user.name", "");
        String configuration = Templates.fill(
                site.peers().resolve("nginx.conf"),
                Map.of(
                        "module", MODULE.toString(),
                        // A worker of another user could not write where root's run keeps its files.
                        "user", user.equals("root") ? "user root;" : "",
                        "work", site.work().toString(),
                        "port", Integer.toString(port)));
        Program program = site.server(
                name(),
                Map.of(),
                List.of(
                        String.valueOf(Versions.onPath("nginx")),
                        "-e",
                        site.work().resolve("nchan-error.log").toString(),
                        "-c",
                        site.file("nginx.conf", configuration).toString()));
        // The master, then the worker, whose CPU time is the one that counts.
        program.await(
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                () -> Http.listens(port) && program.pids().size() > 1);
        return Server.of(program, port);
    }

    @Override
    public Optional<Clients> clients(Crowd crowd, int count) {
        return switch (crowd) {
            case LISTENERS -> Optional.of(Clients.alike(count, "raw", 0, Upgrade.to("/sub/all")));
            case ADDRESSEES -> Optional.of(each(count, 1));
            case TENS -> Optional.of(each(count, Audience.TEN));
            case SPEAKERS -> Optional.empty();
        };
    }

    private static Clients each(int count, int together) {
        List<Upgrade> upgrades = IntStream.range(0, count)
                .mapToObj(i -> Upgrade.to("/sub/t" + i / together))
                .toList();
        return new Clients(count, "raw", 0, false, () -> upgrades);
    }

    @Override
    public Optional<Requests> requests(Audience audience, int bytes, int clients) {
        List<String> channels = switch (audience) {
            case EVERYBODY, EVERYBODY_IN_BURSTS -> List.of("all");
            case GROUP_OF_ONE, GROUP_OF_TEN ->
                IntStream.range(0, audience.many(clients))
                        .mapToObj(i -> "t" + i)
                        .toList();
            case CONNECTION, USER -> List.of();
        };
        return channels.isEmpty()
                ? Optional.empty()
                : Optional.of(Requests.all(
                        audience.deliveries(clients),
                        channels.stream()
                                .map(channel ->
                                        Requests.post("/pub/" + channel, "", "text/plain", Requests.text(bytes)))
                                .toList()));
    }

    @Override
    public Optional<Way> way(Coming coming) {
        return coming == Coming.BARE
                ? Optional.of(new Way.Bare(() -> List.of(Upgrade.to("/sub/all"))))
                : Optional.empty();
    }
}
