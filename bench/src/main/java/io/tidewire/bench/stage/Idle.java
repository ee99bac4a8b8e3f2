package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Coming;
import io.tidewire.bench.contestant.Contestant;
import io.tidewire.bench.contestant.Contestants;
import io.tidewire.bench.contestant.Crowd;
import io.tidewire.bench.contestant.Floor;
import io.tidewire.bench.contestant.Tidewire;
import io.tidewire.bench.line.Line;
import io.tidewire.bench.load.Clients;
import io.tidewire.bench.load.Load;
import io.tidewire.bench.machine.LiveHeap;
import io.tidewire.bench.machine.Program;
import io.tidewire.bench.machine.Site;
import io.tidewire.bench.machine.Usage;
import io.tidewire.bench.stage.Run.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What connections cost that only stay. All contestants are there at once: each is a process whose own memory and CPU time are looked at,
 * so the long rest and the long window are waited for once.
 *
 * @param idleSeconds over which CPU is counted, with everybody's keep-alives
 * @param restSeconds before that, until what came with the last clients is over
 */
record Idle(int clients, double idleSeconds, double restSeconds, List<String> contestants) implements Stage {
    /** Before the first look: what a server loads and compiles for its first clients is no client's. */
    private static final int WARM_CLIENTS = 1_000;

    private static final double START_SECONDS = 1;
    private static final double OPEN_SECONDS = 0.0002;
    private static final double HEAP_SECONDS = 1;

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
        return takingPart().size() * (START_SECONDS + HEAP_SECONDS + clients * OPEN_SECONDS)
                + restSeconds
                + idleSeconds;
    }

    @Override
    public void run(Run run, Pace pace) {
        List<Seat> seats = new ArrayList<>();
        Map<String, Line> lines = new LinkedHashMap<>();
        try {
            for (Contestant contestant : takingPart()) {
                run.say("idle: %s, %d clients".formatted(contestant.name(), clients));
                trying(run, contestant, lines, () -> {
                    Seat seat = run.seat(contestant, staying(contestant));
                    seats.add(seat);
                    return open(run.site(), seat);
                });
            }
            run.say("idle: %.0f s of rest, then %.0f s".formatted(restSeconds, idleSeconds));
            Program.sleep(Duration.ofMillis(Math.round(restSeconds * 1000)));
            forEach(run, seats, lines, (seat, line) -> line.and(now("begin", seat)));
            Program.sleep(Duration.ofMillis(Math.round(idleSeconds * 1000)));
            // All of them before the first collection, which takes the CPU from the others.
            forEach(run, seats, lines, (seat, line) -> line.and(now("end", seat)));
            forEach(run, seats, lines, (seat, line) -> collected(run.site(), seat, line));
            lines.values().forEach(run::record);
        } finally {
            run.leave(seats);
        }
    }

    /** The floor's, which nobody pings elsewhere, ping as Tidewire's do: what it costs just to read that. */
    private Clients staying(Contestant contestant) {
        Clients all = contestant.clients(Crowd.LISTENERS, clients).orElseThrow();
        return contestant.name().equals(Floor.NAME)
                ? new Clients(all.count(), all.protocol(), Tidewire.PING_SECONDS, all.expectId(), all.upgrades())
                : all;
    }

    private static void forEach(Run run, List<Seat> seats, Map<String, Line> lines, BiFunction<Seat, Line, Line> step) {
        for (Seat seat : seats) {
            Line line = lines.get(seat.name());
            if (line != null) {
                trying(run, seat.contestant(), lines, () -> step.apply(seat, line));
            }
        }
    }

    /** Whoever fails is out, with a reason in the report; the others go on. */
    private static void trying(Run run, Contestant contestant, Map<String, Line> lines, Supplier<Line> step) {
        try {
            lines.put(contestant.name(), step.get());
        } catch (IllegalStateException e) {
            lines.remove(contestant.name());
            run.out("idle", contestant.name(), e);
        }
    }

    private Line open(Site site, Seat seat) {
        Load load = seat.load();
        Stream.of(Coming.NEGOTIATED, Coming.TOKEN, Coming.BARE)
                .flatMap(coming -> seat.contestant().way(coming).stream())
                .findFirst()
                .ifPresent(way -> load.connect(WARM_CLIENTS, 64, way));
        Line line = Line.of("workload", "idle", "variant", "idle", "contestant", seat.name())
                .and("round", 1)
                .and("clients", clients)
                .and("seconds", idleSeconds);
        if (isJvm(seat)) {
            line = line.and("heap_before", LiveHeap.bytes(site, seat.server().program()));
        }
        return line.and(load.open());
    }

    /** What it has used so far. Resident memory before a collection is asked for: what the system sees of a server that is left alone. */
    private static Line now(String when, Seat seat) {
        Usage usage = Usage.of(seat.server().pids());
        return Line.of()
                .and("cpu_" + when, usage.cpuMicros())
                .and("at_" + when, System.nanoTime() / 1_000)
                .and("rss_" + when, usage.residentBytes());
    }

    private static Line collected(Site site, Seat seat, Line line) {
        return isJvm(seat)
                ? line.and("heap_after", LiveHeap.bytes(site, seat.server().program()))
                        .and("rss_collected", Usage.of(seat.server().pids()).residentBytes())
                : line;
    }

    private static boolean isJvm(Seat seat) {
        return seat.contestant().engine() == Contestant.Engine.JVM;
    }
}
