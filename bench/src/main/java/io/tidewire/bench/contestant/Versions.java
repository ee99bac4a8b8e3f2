package io.tidewire.bench.contestant;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which version of a peer is there. */
final class Versions {
    private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d+[\\w.+-]*");
    private static final Pattern PACKAGE = Pattern.compile("\"version\":\\s*\"([^\"]+)\"");

    private Versions() {}

    /** Of an npm package, by its directory. */
    static String ofPackage(Path directory) {
        try {
            Matcher version = PACKAGE.matcher(Files.readString(directory.resolve("package.json")));
            return version.find() ? version.group(1) : "?";
        } catch (IOException e) {
            return "?";
        }
    }

    /** What a command says of itself. */
    static String ofCommand(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = NUMBER.matcher(said);
            return version.find() ? version.group() : "?";
        } catch (IOException e) {
            return "?";
        }
    }

    /** The first program of that name; Debian keeps servers where only root's path leads. */
    static @Nullable Path onPath(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        for (String directory : path.split(File.pathSeparator, -1)) {
            Path program = Path.of(directory, name);
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        return null;
    }
}
