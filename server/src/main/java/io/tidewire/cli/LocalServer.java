package io.tidewire.cli;

import io.tidewire.app.Service;
import io.tidewire.app.StartFailed;
import io.tidewire.app.Tidewire;
import io.tidewire.config.InvalidSettings;
import io.tidewire.config.LoadedSettings;
import io.tidewire.config.Profile;
import io.tidewire.config.SettingsLoader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The server in this process. */
final class LocalServer implements RunningServer {
    /** How soon access keys that are changed in the settings file are taken up. */
    private static final Duration KEY_WATCH = Duration.ofSeconds(5);

    private final Tidewire server;

    private LocalServer(Tidewire server) {
        this.server = server;
    }

    /** Reads the settings and starts; the {@link ServerLauncher} of the program. */
    static RunningServer start(Profile profile, Optional<Path> configFile, List<String> sets) throws BadConfiguration {
        LoadedSettings loaded = load(profile, configFile, sets);
        loaded.warnings().forEach(System.err::println);
        try {
            var server = Tidewire.start(loaded.settings(), Version.number());
            server.watchKeys(
                    () -> SettingsLoader.load(profile, configFile, System.getenv(), sets)
                            .settings(),
                    KEY_WATCH);
            return new LocalServer(server);
        } catch (StartFailed failed) {
            throw new BadConfiguration(
                    failed.message().endsWith("Address already in use")
                            ? List.of(
                                    failed.message(),
                                    "Is another Tidewire running? A second one needs ports of its own, for example:"
                                            + " --set signalr.listen=127.0.0.1:8889 --set webpubsub.listen=127.0.0.1:8081"
                                            + " --set admin.listen=127.0.0.1:8901")
                            : List.of(failed.message()));
        }
    }

    /** Reads the settings and opens the files that they name; starts nothing. */
    static LoadedSettings judge(Profile profile, Optional<Path> configFile, List<String> sets) throws BadConfiguration {
        LoadedSettings loaded = load(profile, configFile, sets);
        try {
            Tidewire.checkFiles(loaded.settings());
        } catch (StartFailed failed) {
            throw new BadConfiguration(List.of(failed.message()));
        }
        return loaded;
    }

    private static LoadedSettings load(Profile profile, Optional<Path> configFile, List<String> sets)
            throws BadConfiguration {
        try {
            return SettingsLoader.load(profile, configFile, System.getenv(), sets);
        } catch (InvalidSettings invalid) {
            throw new BadConfiguration(invalid.problems());
        }
    }

    @Override
    public List<String> describe() {
        var lines = new ArrayList<String>();
        for (Service service : server.services()) {
            lines.add(line(service.title(), service.listens()));
            service.extraUrl().ifPresent(url -> lines.add(line(service.title(), url + " (1.0-preview)")));
        }
        lines.add(line("Admin", server.adminUrl()));
        server.signalr().stream()
                .flatMap(service -> service.applications().stream())
                .forEach(url -> lines.add(line("Upstream", url)));
        server.webPubSub().stream()
                .flatMap(service -> service.applications().stream())
                .forEach(url -> lines.add(line("Events to", url)));
        return lines;
    }

    private static String line(String title, Object what) {
        return "%-10s  %s".formatted(title, what);
    }

    @Override
    public Optional<String> signalr() {
        return server.signalr().map(Service::connectionString);
    }

    @Override
    public Optional<String> webPubSub() {
        return server.webPubSub().map(Service::connectionString);
    }

    @Override
    public URI admin() {
        return server.adminUrl();
    }

    @Override
    public void awaitStop() throws InterruptedException {
        server.awaitStop();
    }

    @Override
    public void close() {
        server.close();
    }
}
