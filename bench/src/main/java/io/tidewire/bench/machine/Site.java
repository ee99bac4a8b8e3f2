package io.tidewire.bench.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a run takes place: directories, CPUs, ports, and every process it has started. One thread, which must outlive them all: a
 * process ends with the thread that started it.
 */
public final class Site implements AutoCloseable {
    /** Servers have this one to themselves. */
    public static final int SERVER_CPU = 0;

    /** The load and this program share this one. */
    public static final int LOAD_CPU = 1;

    private static final int FIRST_PORT = 18_700;
    /** Linux hands out ports from 32768 on to clients, so below that a free port stays free. */
    private static final int PORTS_END = 32_000;

    private final Path root;
    private final Path target;
    private final List<Program> started = new ArrayList<>();
    private int nextPort = FIRST_PORT;
    private int files;
    /** Set by the thread that stops a run, read by the one that makes it. */
    private volatile boolean closing;

    /**
     * Nothing started yet.
     *
     * @param root of the source tree
     */
    public Site(Path root) {
        this.root = root;
        this.target = root.resolve("bench/target");
        try {
            Files.createDirectories(work());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path root() {
        return root;
    }

    /** What a build makes, and a run leaves behind. */
    public Path target() {
        return target;
    }

    /** Logs, configurations and requests of the run. */
    public Path work() {
        return target.resolve("run");
    }

    /** A script or configuration of a peer. */
    public Path peers() {
        return root.resolve("bench/src/main/peers");
    }

    public Path java() {
        return Path.of(System.getProperty("java.home"), "bin");
    }

    /** A server, on its CPU. */
    public Program server(String name, Map<String, String> environment, List<String> command) {
        return start(name, Integer.toString(SERVER_CPU), false, environment, command);
    }

    /** Something that drives a server, on the other CPU. */
    public Program driver(String name, List<String> command) {
        return start(name, Integer.toString(LOAD_CPU), true, Map.of(), command);
    }

    /** On all CPUs, as a user would start it. */
    public Program unpinned(String name, Map<String, String> environment, List<String> command) {
        return start(name, "0-" + (cpus() - 1), false, environment, command);
    }

    private Program start(
            String name, String cpus, boolean talks, Map<String, String> environment, List<String> command) {
        // It also ends when this program is killed, and nothing is left on the machine.
        List<String> all = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM", "taskset", "-c", cpus));
        all.addAll(command);
        Program program = Program.start(name, work().resolve(name + ".log"), talks, environment, all);
        started.add(program);
        return program;
    }

    /** CPUs of the machine; this program itself runs on one. */
    public static int cpus() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            return (int) lines.filter(line -> line.matches("cpu\\d.*")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int freePort() {
        while (nextPort < PORTS_END) {
            int port = nextPort++;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // taken: the next one
            }
        }
        throw new IllegalStateException("No port is free below " + PORTS_END);
    }

    /** A file of this run, with that content. */
    public Path file(String name, byte[] content) {
        Path file = work().resolve(files++ + "-" + name);
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path file(String name, String content) {
        return file(name, content.getBytes(UTF_8));
    }

    /** Ends these, and forgets them. */
    public void stop(List<Program> programs) {
        for (Program program : programs.reversed()) {
            program.stop();
        }
        started.removeAll(programs);
    }

    /** Whether the run is being stopped: whoever ends now has not dropped out. */
    public boolean closing() {
        return closing;
    }

    /** The last first: a load that outlives its server would complain. */
    @Override
    public void close() {
        closing = true;
        stop(List.copyOf(started));
    }
}
