package io.tidewire.bench;

import io.tidewire.bench.line.Line;
import io.tidewire.bench.machine.Site;
import io.tidewire.bench.stage.Plan;
import io.tidewire.bench.stage.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run says of itself: where, when, on what, how long. */
final class About {
    private About() {}

    static Line machine(Path root, Options options) throws IOException {
        String commit = git(root, "rev-parse", "--short", "HEAD");
        boolean changed = !git(root, "status", "--porcelain").isEmpty();
        String text = "%s, commit %s%s; %s, %d CPUs, %d GiB, Linux %s; JDK %s; load average %s at the start."
                .formatted(
                        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                                .withZone(ZoneOffset.UTC)
                                .format(Instant.now()),
                        commit.isEmpty() ? "unknown" : commit,
                        changed ? " with changes" : "",
                        cpu(),
                        Site.cpus(),
                        memoryGib(),
                        System.getProperty("os.version"),
                        System.getProperty("java.vm.version"),
                        Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
        return Line.of("workload", "machine", "quick", Boolean.toString(options.quick()), "text", text);
    }

    /** The plan, for who waits. */
    static String plan(Plan plan) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "bench: %d rounds, windows of %.1f s, about %.0f s in all (at most %.0f):",
                plan.pace().rounds(),
                plan.pace().seconds(),
                plan.estimate(),
                plan.bound()));
        for (Stage stage : plan.stages()) {
            text.append(String.format(Locale.ROOT, " %s %.0f s,", stage.name(), stage.estimate(plan.pace())));
        }
        text.setLength(text.length() - 1);
        return text.toString();
    }

    private static String cpu() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown CPU");
        }
    }

    private static long memoryGib() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemTotal"))
                    .mapToLong(line -> Math.round(Long.parseLong(line.replaceAll("\\D", "")) / 1048576.0))
                    .findFirst()
                    .orElse(0);
        }
    }

    private static String git(Path root, String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
            command.addAll(List.of(arguments));
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
