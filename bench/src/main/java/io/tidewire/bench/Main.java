package io.tidewire.bench;

import io.tidewire.bench.contestant.Contestant;
import io.tidewire.bench.contestant.Contestants;
import io.tidewire.bench.contestant.Floor;
import io.tidewire.bench.line.Line;
import io.tidewire.bench.machine.Site;
import io.tidewire.bench.report.Report;
import io.tidewire.bench.stage.Plan;
import io.tidewire.bench.stage.Plans;
import io.tidewire.bench.stage.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code bench/run}: plans, measures, reports. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(Options.HELP);
            return 0;
        }
        try {
            Options options = Options.parse(arguments);
            Path root = Path.of(System.getProperty("bench.root", "."));
            Path lines = root.resolve("bench/target/windows.txt");
            if (!options.reportOnly()) {
                measure(root, options, lines);
            }
            return report(root, options, lines);
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("bench: " + e.getMessage());
            return 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void measure(Path root, Options options, Path lines) throws IOException {
        if (Site.cpus() < 2) {
            throw new IllegalStateException("Two CPUs are needed: one for the server, one for the load");
        }
        try (Site site = new Site(root);
                Writer file = Files.newBufferedWriter(lines)) {
            Thread stop = Thread.ofPlatform().unstarted(site::close);
            Runtime.getRuntime().addShutdownHook(stop);
            Run run = new Run(site, line -> write(file, line), System.err);
            write(file, About.machine(root, options));
            Plan plan = Plans.of(new Plans.Wishes(
                    options.workloads(),
                    options.quick(),
                    present(site, options, file),
                    options.rounds(),
                    options.seconds(),
                    options.clients()));
            System.err.println(About.plan(plan));
            run.perform(plan);
            write(file, Line.of("workload", "end"));
        }
    }

    /** The names of those who can take part; the others are told about. */
    private static Set<String> present(Site site, Options options, Writer file) {
        Set<String> present = new TreeSet<>();
        for (Contestant contestant : Contestants.all()) {
            boolean wanted = options.contestants().isEmpty()
                    || options.contestants().contains(contestant.name())
                    || contestant.name().equals(Floor.NAME);
            if (!wanted) {
                continue;
            }
            Optional<String> missing = contestant.missing(site);
            if (missing.isPresent()) {
                System.err.println("bench: without " + contestant.name() + ": " + missing.get());
                write(file, Line.of("workload", "missing", "contestant", contestant.name(), "text", missing.get()));
            } else {
                present.add(contestant.name());
                write(
                        file,
                        Line.of("workload", "about", "contestant", contestant.name(), "text", contestant.about(site)));
            }
        }
        if (!options.contestants().isEmpty()
                && present.equals(Set.of(Floor.NAME))
                && !options.contestants().equals(present)) {
            throw new IllegalStateException("nobody of --contestants is there; bench/peers installs the peers");
        }
        return present;
    }

    private static void write(Writer file, Line line) {
        try {
            file.write(line + "\n");
            // Line by line: a run that is ended early has its windows all the same.
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int report(Path root, Options options, Path lines) throws IOException {
        if (!Files.exists(lines)) {
            throw new IllegalStateException("there is no run yet to report on: bench/target/windows.txt is missing");
        }
        List<Line> recorded;
        try (var text = Files.lines(lines)) {
            recorded = text.map(Line::parse).toList();
        }
        Report report = Report.of(recorded);
        Path target = root.resolve("bench/target");
        report.write(target);
        System.out.println(report.text());
        System.err.println("bench: written to bench/target/report.md, all windows to bench/target/windows.txt");
        if (report.nothing().isPresent()) {
            System.err.println("bench: " + report.nothing().get());
            return 1;
        }
        if (options.publish() && !report.mayBePublished()) {
            System.err.println("bench: not published, as the run was quick or did not come to its end");
            return 1;
        }
        if (options.publish()) {
            report.write(root.resolve("bench"));
            System.err.println("bench: and to bench/report.md with bench/charts");
        }
        if (!report.disqualified().isEmpty()) {
            System.err.println("bench: DISQUALIFIED: " + String.join(", ", report.disqualified()));
            return 3;
        }
        return 0;
    }
}
