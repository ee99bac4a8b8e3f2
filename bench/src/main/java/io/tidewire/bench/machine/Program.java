package io.tidewire.bench.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process that a run has started. Only such are ever ended. */
public final class Program {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Path log;
    private final Process process;

    private Program(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param talks whether this program reads its output; otherwise that goes to the log, too
     */
    static Program start(String name, Path log, boolean talks, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        if (!talks) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        }
        builder.environment().putAll(environment);
        try {
            return new Program(name, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start " + name, e);
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Itself and whatever it has started. */
    public List<Long> pids() {
        List<Long> pids = new ArrayList<>(List.of(pid()));
        process.toHandle().descendants().forEach(child -> pids.add(child.pid()));
        return pids;
    }

    public BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    public Writer input() {
        return process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Waits until it is ready; fails with what it logged when it is not in time. */
    public void await(Duration limit, Duration step, BooleanSupplier ready) {
        long end = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            if (!alive() || System.nanoTime() > end) {
                throw failed(alive() ? "is not ready after " + limit.toSeconds() + " s" : "has ended");
            }
            sleep(step);
        }
    }

    /** With the last that it logged: first in one line, then more of it. */
    public IllegalStateException failed(String what) {
        List<String> tail = tail();
        String last = tail.isEmpty() ? "it logged nothing" : tail.getLast();
        return new IllegalStateException(
                name + " " + what + ": " + last + "\n" + log + " ends with:\n" + String.join("\n", tail));
    }

    private List<String> tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.subList(Math.max(0, lines.size() - 15), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
