package io.tidewire.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidewire.bench.line.Line;
import io.tidewire.bench.machine.Program;
import io.tidewire.bench.machine.Site;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All clients of one contestant and its publisher: a process that takes a command a line and answers each with a line. */
public final class Load {
    private static final int ACK_SECONDS = 5;
    /** What a window may take beyond its seconds: the load waits fifteen for the last delivery. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final String ENDED = "";

    private final Site site;
    private final Program program;
    private final Writer commands;
    private final IdentityHashMap<Object, Path> kept = new IdentityHashMap<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /**
     * Starts the load of a contestant, without any client yet.
     *
     * @param pids of the server, whose CPU time is counted
     * @param publishPort where requests go
     */
    public static Load start(
            Site site, String contestant, int port, int publishPort, List<Long> pids, Clients clients) {
        List<String> command =
                new ArrayList<>(List.of(site.target().resolve("load").toString()));
        option(command, "port", port);
        option(command, "publish-port", publishPort);
        option(command, "server-pids", pids.stream().map(Object::toString).collect(Collectors.joining(",")));
        option(command, "server-cpu", Site.SERVER_CPU);
        option(command, "clients", clients.count());
        option(command, "protocol", clients.protocol());
        option(command, "ping", clients.pingSeconds());
        option(command, "ack", ACK_SECONDS);
        option(command, "expect-id", clients.expectId() ? "yes" : "no");
        option(
                command,
                "upgrades",
                site.file(
                        contestant + ".upgrades",
                        lines(clients.upgrades().get().stream()
                                .map(Upgrade::line)
                                .toList())));
        return new Load(site, site.driver(contestant + "-load", command));
    }

    private static void option(List<String> command, String name, Object value) {
        command.add("--" + name);
        command.add(value.toString());
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private Load(Site site, Program program) {
        this.site = site;
        this.program = program;
        this.commands = program.input();
        Thread.ofPlatform().daemon().name(program.name()).start(this::listen);
    }

    public Program program() {
        return program;
    }

    /** Opens all clients. */
    public Line open() {
        return ask("open", Duration.ofMinutes(2));
    }

    /** What windows publish from now on. */
    public void publish(Requests requests) {
        ask(
                "requests " + kept(requests, requests::file) + (requests.answered() ? " http " : " line ")
                        + requests.each(),
                PATIENCE);
    }

    /** Publishes bursts of requests at a fixed rate, and waits for the last delivery. */
    public Line window(double seconds, double rate, int burst) {
        return ask("window " + number(seconds) + " " + number(rate) + " " + burst, patience(seconds));
    }

    /** Each client in turn sends a frame, all together at a fixed rate, and gets it back. */
    public Line echo(double seconds, double rate, String frame) {
        Path file = kept(frame, () -> new Requests(true, 1, List.of(frame.getBytes(UTF_8))).file());
        return ask("echo " + number(seconds) + " " + number(rate) + " " + file, patience(seconds));
    }

    /** So many clients come and go, some of them at a time. */
    public Line connect(int count, int parallel, Way way) {
        return ask("connect " + count + " " + parallel + " " + way.mode() + " " + kept(way), PATIENCE);
    }

    /** Clients come and go at a fixed rate. */
    public Line churn(double seconds, double rate, Way way) {
        return ask(
                "churn " + number(seconds) + " " + number(rate) + " " + way.mode() + " " + kept(way),
                patience(seconds));
    }

    private Path kept(Way way) {
        return kept(way, () -> lines(way.lines()).getBytes(UTF_8));
    }

    /** The file of what is sent again and again, which is written the first time. */
    private Path kept(Object what, Supplier<byte[]> content) {
        return kept.computeIfAbsent(what, first -> site.file(program.name(), content.get()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static Duration patience(double seconds) {
        return PATIENCE.plusMillis(Math.round(seconds * 1000));
    }

    private Line ask(String command, Duration patience) {
        try {
            commands.write(command + "\n");
            commands.flush();
            String answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null || answer.equals(ENDED)) {
                throw program.failed((answer == null ? "did not answer: " : "ended at: ") + command);
            }
            return Line.parse(answer);
        } catch (IOException e) {
            throw program.failed("ended before: " + command);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void listen() {
        try (BufferedReader output = program.output()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            // Closed as the process was stopped: it ends as it would at the end of the output.
        } finally {
            answers.add(ENDED);
        }
    }
}
