package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Coming;
import io.tidewire.bench.contestant.Contestant;
import io.tidewire.bench.contestant.Contestants;
import io.tidewire.bench.contestant.Crowd;
import io.tidewire.bench.line.Line;
import io.tidewire.bench.load.Load;
import io.tidewire.bench.machine.LiveHeap;
import io.tidewire.bench.machine.Program;
import io.tidewire.bench.machine.Site;
import io.tidewire.bench.machine.Usage;
import io.tidewire.bench.stage.Run.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What connections cost that only stay. One contestant after the other: their memory is looked at, so none may be there beside another.
 *
 * @param idleSeconds over which CPU is counted, with everybody's keep-alives
 */
record Idle(int clients, double idleSeconds, List<String> contestants) implements Stage {
    /** Before the first look: what a server loads and compiles for its first clients is no client's. */
    private static final int WARM_CLIENTS = 1_000;

    private static final double START_SECONDS = 2;
    private static final double OPEN_SECONDS = 0.0004;
    /** Until what came with the last clients is over. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    Idle {
        contestants = List.copyOf(contestants);
    }

    @Override
    public String name() {
        return "idle";
    }

    private List<Contestant> takingPart() {
        return Contestants.all().stream()
                .filter(contestant -> contestants.contains(contestant.name()))
                .toList();
    }

    @Override
    public double estimate(Pace pace) {
        return takingPart().size() * (START_SECONDS + clients * OPEN_SECONDS + idleSeconds);
    }

    @Override
    public void run(Run run, Pace pace) {
        for (Contestant contestant : takingPart()) {
            run.say("idle: %s, %d clients for %.0f s".formatted(contestant.name(), clients, idleSeconds));
            List<Seat> seats = new ArrayList<>();
            try {
                seats.add(run.seat(
                        contestant, contestant.clients(Crowd.LISTENERS, clients).orElseThrow()));
                run.record(measure(run.site(), seats.getFirst()));
            } catch (IllegalStateException e) {
                String first =
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                run.say("idle: " + contestant.name() + " is out: " + e.getMessage());
                run.record(
                        Line.of("workload", "out", "variant", "idle", "contestant", contestant.name(), "text", first));
            } finally {
                run.leave(seats);
            }
        }
    }

    private Line measure(Site site, Seat seat) {
        boolean jvm = seat.contestant().engine() == Contestant.Engine.JVM;
        Load load = seat.load();
        Stream.of(Coming.NEGOTIATED, Coming.TOKEN, Coming.BARE)
                .flatMap(coming -> seat.contestant().way(coming).stream())
                .findFirst()
                .ifPresent(way -> load.connect(WARM_CLIENTS, 64, way));
        Line line = Line.of("workload", "idle", "variant", "idle", "contestant", seat.name())
                .and("round", 1)
                .and("clients", clients);
        if (jvm) {
            line = line.and("heap_before", LiveHeap.bytes(site, seat.server().program()));
        }
        line = line.and(load.open());
        Program.sleep(SETTLE);
        Usage before = Usage.of(seat.server().pids());
        long begin = System.nanoTime();
        Program.sleep(Duration.ofMillis(Math.round(idleSeconds * 1000)));
        Usage after = Usage.of(seat.server().pids());
        line = line.and("idle_cpu", after.cpuMicros() - before.cpuMicros())
                .and("idle_elapsed", (System.nanoTime() - begin) / 1000)
                // Before a collection is asked for: what the system sees of a server that is left alone.
                .and("rss_idle", after.residentBytes());
        if (jvm) {
            line = line.and("heap_after", LiveHeap.bytes(site, seat.server().program()))
                    .and("rss_collected", Usage.of(seat.server().pids()).residentBytes());
        }
        return line;
    }
}
