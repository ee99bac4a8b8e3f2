package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a server is to be started. {@link #read} knows the usual command lines by itself: picocli's class files are of a format too old for
 * the start-up cache, and loading them takes two fifths of a start. Whatever it does not know for certain (help, a mistake, an option
 * spelt in another way) is picocli's to read.
 *
 * @param sets as {@link ServerLauncher#start} takes them
 */
record StartLine(Profile profile, Optional<Path> config, List<String> sets) {
    StartLine {
        sets = List.copyOf(sets);
    }

    /** Null for picocli to read. */
    static @Nullable StartLine read(String... args) {
        if (args.length % 2 == 0) {
            // Each option that is known here has a value of its own.
            return null;
        }
        return switch (args[0]) {
            case "dev" -> new Reader().read(Profile.DEV, args);
            case "serve" -> new Reader().read(Profile.SERVE, args);
            default -> null;
        };
    }

    /** Starts the server and stays until it has stopped. */
    int run(ServerLauncher launcher, Stdio io) throws BadConfiguration, CommandFailed, InterruptedException {
        var run = new ServerRun(launcher, io);
        return switch (profile) {
            case DEV -> run.foreground(profile, config, sets, new DevGreeting(io.out())::greet);
            case SERVE ->
                run.foreground(
                        profile, config, sets, server -> server.describe().forEach(io.out()::println));
        };
    }

    private static final class Reader {
        private @Nullable String port;
        private @Nullable String webPubSubPort;
        private @Nullable Path file;
        private final List<String> sets = new ArrayList<>();

        @Nullable
        StartLine read(Profile profile, String... args) {
            for (int i = 1; i < args.length; i += 2) {
                if (!take(profile, args[i], args[i + 1])) {
                    return null;
                }
            }
            var all = new ArrayList<String>();
            if (port != null) {
                all.add("signalr.listen=127.0.0.1:" + port);
            }
            if (webPubSubPort != null) {
                all.add("webpubsub.listen=127.0.0.1:" + webPubSubPort);
            }
            all.addAll(sets);
            return new StartLine(profile, Optional.ofNullable(file), all);
        }

        /** Values that begin like an option or name a file of arguments mean something else to picocli, and so does an option twice. */
        private boolean take(Profile profile, String option, String value) {
            if (value.startsWith("-") || value.startsWith("@")) {
                return false;
            }
            boolean dev = profile == Profile.DEV;
            return switch (option) {
                case "--set" -> sets.add(value);
                case "--config" -> {
                    boolean first = file == null;
                    file = path(value);
                    yield first && file != null;
                }
                case "-p", "--port" -> {
                    boolean first = port == null;
                    port = value;
                    yield dev && first && isPort(value);
                }
                case "--webpubsub-port" -> {
                    boolean first = webPubSubPort == null;
                    webPubSubPort = value;
                    yield dev && first && isPort(value);
                }
                default -> false;
            };
        }

        private static @Nullable Path path(String text) {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                return null;
            }
        }

        private static boolean isPort(String text) {
            return text.matches("0|[1-9][0-9]{0,4}");
        }
    }
}
