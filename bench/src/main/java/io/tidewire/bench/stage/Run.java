package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Contestant;
import io.tidewire.bench.contestant.Server;
import io.tidewire.bench.line.Line;
import io.tidewire.bench.load.Clients;
import io.tidewire.bench.load.Load;
import io.tidewire.bench.machine.Program;
import io.tidewire.bench.machine.Site;
import io.tidewire.bench.machine.Usage;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** One run under way: its machine, its clock, and where its lines go. */
public final class Run {
    /** Seconds. */
    static final double LONGEST_SETTLE = 3;

    private static final Duration SETTLE_STEP = Duration.ofMillis(300);
    /** Of its CPU: keep-alives go on. */
    private static final double QUIET = 0.08;

    private final Site site;
    private final Consumer<Line> record;
    private final PrintStream progress;
    private final long begin = System.nanoTime();
    private double stageEnd;
    private double planned;

    /**
     * Its clock starts now.
     *
     * @param record takes every line that is measured
     */
    public Run(Site site, Consumer<Line> record, PrintStream progress) {
        this.site = site;
        this.record = record;
        this.progress = progress;
    }

    /** All stages, each within its share of what is left. */
    public void perform(Plan plan) {
        planned = plan.estimate();
        for (int i = 0; i < plan.stages().size(); i++) {
            Stage stage = plan.stages().get(i);
            double left = plan.bound() - elapsed();
            stageEnd = elapsed() + left * stage.estimate(plan.pace()) / plan.estimateFrom(i);
            say("%s: about %.0f s".formatted(stage.name(), stage.estimate(plan.pace())));
            double from = elapsed();
            stage.run(this, plan.pace());
            // What is left is estimated anew from how the run has gone so far.
            planned = elapsed() + plan.estimateFrom(i + 1);
            record(Line.of("workload", "run", "stage", stage.name())
                    .and("took", Math.round((elapsed() - from) * 10) / 10.0)
                    .and("estimate", Math.round(stage.estimate(plan.pace()) * 10) / 10.0));
        }
    }

    public Site site() {
        return site;
    }

    double elapsed() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Whether a stage has time for another round such as the last. */
    boolean hasTimeFor(double seconds) {
        return elapsed() + seconds <= stageEnd;
    }

    void record(Line line) {
        record.accept(line);
    }

    /** It is out of this stage, with a reason in the report; the others go on. */
    void out(String stage, String contestant, IllegalStateException why) {
        if (site.closing()) {
            throw why;
        }
        say(stage + ": " + contestant + " is out: " + why.getMessage());
        String first = String.valueOf(why.getMessage()).lines().findFirst().orElse("");
        record(Line.of("workload", "out", "variant", stage, "contestant", contestant, "text", first));
    }

    void say(String text) {
        double now = elapsed();
        progress.printf(
                Locale.ROOT,
                "bench: %d:%02d of about %d:%02d  %s%n",
                (int) now / 60,
                (int) now % 60,
                (int) Math.max(now, planned) / 60,
                (int) Math.max(now, planned) % 60,
                text);
    }

    /** One contestant of a stage, started. */
    record Seat(Contestant contestant, Server server, Load load) {
        String name() {
            return contestant.name();
        }
    }

    /** Starts a contestant and its load, whose clients are not open yet. */
    Seat seat(Contestant contestant, Clients clients) {
        Server server = contestant.start(site);
        return new Seat(
                contestant,
                server,
                Load.start(site, contestant.name(), server.port(), server.publishPort(), server.pids(), clients));
    }

    /** Waits until a server that has been warmed has compiled what it wanted to: on its CPU others are about to be measured. */
    void settle(Seat seat) {
        if (!seat.contestant().engine().warms()) {
            return;
        }
        List<Long> pids = seat.server().pids();
        double end = elapsed() + LONGEST_SETTLE;
        double before = Usage.of(pids).cpuMicros();
        while (elapsed() < end) {
            Program.sleep(SETTLE_STEP);
            double now = Usage.of(pids).cpuMicros();
            if (now - before < QUIET * SETTLE_STEP.toNanos() / 1_000) {
                return;
            }
            before = now;
        }
    }

    void leave(List<Seat> seats) {
        List<Program> programs = new ArrayList<>();
        seats.forEach(seat -> programs.add(seat.server().program()));
        seats.forEach(seat -> programs.add(seat.load().program()));
        site.stop(programs);
    }
}
