package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Contestant;
import io.tidewire.bench.contestant.Contestants;
import io.tidewire.bench.contestant.Crowd;
import io.tidewire.bench.line.Line;
import io.tidewire.bench.stage.Run.Seat;
import io.tidewire.bench.stage.Series.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Contestants whose clients stay while windows go round: A B A B ..., so that whatever drifts on the machine drifts for all.
 *
 * @param clients of each contestant
 * @param series what each round consists of
 */
record Sitting(String name, Crowd crowd, int clients, List<Series> series) implements Stage {
    /** To start a server, and to open a client. */
    private static final double START_SECONDS = 0.8;

    private static final double OPEN_SECONDS = 0.0003;
    /** Until a warmed server is quiet, as a rule. */
    private static final double SETTLE_SECONDS = 0.6;

    /** A warm-up goes through all series again and again, so that what is compiled has seen all of them. */
    private static final double WARM_CYCLE_SECONDS = 6;

    /**
     * Rates are a little beside their round numbers. The kernel looks at its ticks whether a process is in user or in system time, and what
     * happens in step with them would always be seen at the same point.
     */
    private static final double BESIDE_THE_TICKS = 1.0013;

    /** A shorter window of a warm-up is left out: it would send next to nothing. */
    private static final double LEAST_WARM_SECONDS = 0.1;

    Sitting {
        series = List.copyOf(series);
    }

    @Override
    public double estimate(Pace pace) {
        double total = 0;
        for (Contestant contestant : contestants()) {
            total += START_SECONDS
                    + clients * OPEN_SECONDS
                    + warm(contestant, pace)
                    + (contestant.engine().warms() ? SETTLE_SECONDS : 0)
                    + Pace.AROUND_A_WINDOW;
        }
        for (Series s : series) {
            total += pace.rounds(s.length())
                    * contestants().stream()
                            .filter(contestant -> s.takes(contestant, clients))
                            .count();
        }
        return total;
    }

    private double warm(Contestant contestant, Pace pace) {
        return pace.warm(contestant.engine(), crowd != Crowd.LISTENERS);
    }

    private List<Contestant> contestants() {
        return Contestants.all().stream()
                .filter(contestant -> contestant.clients(crowd, clients).isPresent()
                        && series.stream().anyMatch(s -> s.takes(contestant, clients)))
                .toList();
    }

    @Override
    public void run(Run run, Pace pace) {
        List<Seat> seats = new ArrayList<>();
        try {
            Map<String, Map<Series, Window>> windows = new LinkedHashMap<>();
            for (Contestant contestant : contestants()) {
                open(run, contestant, seats);
            }
            for (Seat seat : seats) {
                Map<Series, Window> own = new LinkedHashMap<>();
                for (Series s : series) {
                    if (s.takes(seat.contestant(), clients)) {
                        own.put(s, s.task().prepare(seat.contestant(), seat.load(), clients));
                    }
                }
                windows.put(seat.name(), own);
                warmUp(run, seat, own, warm(seat.contestant(), pace));
                run.settle(seat);
            }
            rounds(run, pace, seats, windows);
        } finally {
            run.leave(seats);
        }
    }

    private void open(Run run, Contestant contestant, List<Seat> seats) {
        run.say("%s: %s, %d clients".formatted(name, contestant.name(), clients));
        try {
            Seat seat = run.seat(contestant, contestant.clients(crowd, clients).orElseThrow());
            seats.add(seat);
            run.record(Line.of("workload", "open", "variant", name, "contestant", contestant.name())
                    .and(seat.load().open()));
        } catch (IllegalStateException e) {
            run.out(name, contestant.name(), e);
            seats.removeIf(seat -> seat.contestant().equals(contestant));
        }
    }

    private void warmUp(Run run, Seat seat, Map<Series, Window> own, double seconds) {
        try {
            double messages =
                    own.keySet().stream().mapToDouble(Sitting::messages).sum();
            long cycles = Math.max(1, Math.round(seconds / WARM_CYCLE_SECONDS));
            for (int cycle = 0; cycle < cycles; cycle++) {
                for (Map.Entry<Series, Window> entry : own.entrySet()) {
                    // More of what there is more of: a hundred calls a second warm nobody.
                    double share = seconds / cycles * messages(entry.getKey()) / messages;
                    if (share >= LEAST_WARM_SECONDS) {
                        entry.getValue()
                                .run(
                                        share,
                                        entry.getKey().rate()
                                                * seat.contestant().engine().warmPace());
                    }
                }
            }
        } catch (IllegalStateException e) {
            run.out(name, seat.name(), e);
            own.clear();
        }
    }

    /** A second. */
    private static double messages(Series series) {
        return series.rate() * series.task().messages();
    }

    private void rounds(Run run, Pace pace, List<Seat> seats, Map<String, Map<Series, Window>> windows) {
        double last = 0;
        for (int round = 1; round <= pace.rounds(); round++) {
            // On a busy machine windows take longer than planned. Only whole rounds count, and the report says how many
            // there were.
            if (round > 1 && !run.hasTimeFor(last)) {
                run.say("%s: no time for round %d".formatted(name, round));
                return;
            }
            double begin = run.elapsed();
            for (Series s : series) {
                for (Seat seat : seats) {
                    Map<Series, Window> own = windows.getOrDefault(seat.name(), Map.of());
                    Window window = own.get(s);
                    if (window != null) {
                        try {
                            measure(run, pace, s, seat, window, round);
                        } catch (IllegalStateException e) {
                            run.out(name, seat.name(), e);
                            own.clear();
                        }
                    }
                }
            }
            last = run.elapsed() - begin;
        }
    }

    private void measure(Run run, Pace pace, Series s, Seat seat, Window window, int round) {
        double seconds = pace.window(s.length());
        Line answer = window.run(seconds, s.rate() * BESIDE_THE_TICKS);
        run.record(s.line(seat.name(), clients, round, seconds).and(answer));
        double delivered = answer.number("delivered");
        run.say(String.format(
                Locale.ROOT,
                "%s %s %d/%d %s: %.2f µs, %.0f/%.0f delivered in %.1f s%s",
                s.workload(),
                s.variant(),
                round,
                pace.rounds(),
                seat.name(),
                answer.number("cpu") / Math.max(1, delivered),
                delivered,
                answer.number("expected"),
                answer.number("took") / 1e6,
                answer.word("exact").equals("yes") ? "" : "  NOT EXACT"));
    }
}
