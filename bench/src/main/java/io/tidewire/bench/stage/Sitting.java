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

    /** A call or a client's message goes through far more code than a delivery, and the compiler takes its time. */
    private static final double CALLS_WARM_LONGER = 2.5;

    /** For caches alone. */
    private static final double SHORT_WARM_SECONDS = 0.5;

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
        return total
                + pace.windows((int) series.stream()
                        .mapToLong(s -> contestants().stream()
                                .filter(contestant -> s.takes(contestant, clients))
                                .count())
                        .sum());
    }

    private double warm(Contestant contestant, Pace pace) {
        if (!contestant.engine().warms()) {
            return SHORT_WARM_SECONDS;
        }
        boolean longer = contestant.engine() == Contestant.Engine.JVM && crowd != Crowd.LISTENERS;
        return pace.warmSeconds() * (longer ? CALLS_WARM_LONGER : 1);
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
            failed(run, contestant.name(), e);
            seats.removeIf(seat -> seat.contestant().equals(contestant));
        }
    }

    private void warmUp(Run run, Seat seat, Map<Series, Window> own, double seconds) {
        try {
            for (Map.Entry<Series, Window> entry : own.entrySet()) {
                double rate = entry.getKey().rate() * seat.contestant().engine().warmPace();
                entry.getValue().run(seconds / own.size(), rate);
            }
        } catch (IllegalStateException e) {
            failed(run, seat.name(), e);
            own.clear();
        }
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
                            failed(run, seat.name(), e);
                            own.clear();
                        }
                    }
                }
            }
            last = run.elapsed() - begin;
        }
    }

    private void measure(Run run, Pace pace, Series s, Seat seat, Window window, int round) {
        Line answer = window.run(pace.seconds(), s.rate());
        run.record(s.line(seat.name(), clients, round, pace.seconds()).and(answer));
        double delivered = answer.number("delivered");
        run.say(String.format(
                Locale.ROOT,
                "%s %s %d/%d %s: %.2f µs, %.0f/%.0f delivered in %.1f s%s",
                s.workload(),
                s.variant(),
                round,
                pace.rounds(),
                seat.name(),
                (answer.number("user") + answer.number("system")) / Math.max(1, delivered),
                delivered,
                answer.number("expected"),
                answer.number("took") / 1e6,
                answer.word("exact").equals("yes") ? "" : "  NOT EXACT"));
    }

    /** It is out of this sitting, with a reason in the report; the others go on. */
    private void failed(Run run, String contestant, IllegalStateException why) {
        run.say(name + ": " + contestant + " is out: " + why.getMessage());
        String first = String.valueOf(why.getMessage()).lines().findFirst().orElse("");
        run.record(Line.of("workload", "out", "variant", name, "contestant", contestant, "text", first));
    }
}
