package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Runs the program inside a test and keeps what it said. */
final class Terminal {
    final List<String> launches = new ArrayList<>();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Stdio io;
    private final Seams seams;

    Terminal() {
        this("", (_, _, _) -> {
            throw new CommandFailed("no server in this test");
        });
    }

    Terminal(String input, ServerLauncher launcher) {
        io = new Stdio(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                () -> false);
        seams = new Seams(
                (profile, file, sets) -> {
                    launches.add(profile + " " + file.map(Path::toString).orElse("-") + " " + sets);
                    return launcher.start(profile, file, sets);
                },
                new ConfigTool() {
                    @Override
                    public List<String> check(Profile profile, Optional<Path> configFile, List<String> sets)
                            throws BadConfiguration {
                        if (!sets.isEmpty()) {
                            throw new BadConfiguration(List.of("file.yaml:3: first", "file.yaml:4: second"));
                        }
                        return List.of("signalr.listen = 127.0.0.1:9000  (file.yaml:2)");
                    }

                    @Override
                    public String reference() {
                        return "signalr.listen  where it listens\n";
                    }
                });
    }

    int run(String... args) {
        return new Program(seams, io).run(args);
    }

    /** On a thread of its own, for commands that stay; the common pool has room for one on a small machine. */
    CompletableFuture<Integer> start(String... args) {
        return CompletableFuture.supplyAsync(
                () -> run(args), task -> Thread.ofVirtual().start(task));
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
