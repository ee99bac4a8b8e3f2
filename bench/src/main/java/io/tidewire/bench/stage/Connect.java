package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Coming;
import io.tidewire.bench.contestant.Contestant;
import io.tidewire.bench.contestant.Contestants;
import io.tidewire.bench.contestant.Crowd;
import io.tidewire.bench.line.Line;
import io.tidewire.bench.load.Load;
import io.tidewire.bench.load.Way;
import io.tidewire.bench.stage.Run.Seat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What it costs to come in: a fresh server's first thousand, then storms, as many at a time as a client side can, and a steady coming
 * and going.
 *
 * @param storm clients of one window
 * @param coldRounds fresh servers
 */
record Connect(int storm, int coldRounds, List<String> contestants) implements Stage {
    /** Who comes in with negotiate, a token and a handshake; its fresh servers are looked at, and its steady coming and going. */
    private static final String WHOLE = "tidewire";

    private static final double CHURN_RATE = 500;
    private static final double CHURN_LENGTH = 1;
    private static final int PARALLEL = 64;
    private static final int COLD_CLIENTS = 1_000;
    private static final double START_SECONDS = 0.8;
    private static final double COLD_SECONDS = 2;
    /** Of the server and of the load, for one client of a storm. */
    private static final double CLIENT_SECONDS = 0.00015;

    Connect {
        contestants = List.copyOf(contestants);
    }

    /** One way of one contestant. */
    private record Entry(Contestant contestant, Coming coming, Way way) {}

    @Override
    public String name() {
        return "connect";
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Coming coming : Coming.values()) {
            for (Contestant contestant : Contestants.all()) {
                if (contestants.contains(contestant.name())) {
                    contestant.way(coming).ifPresent(way -> entries.add(new Entry(contestant, coming, way)));
                }
            }
        }
        return entries;
    }

    /** In seconds of storms. */
    private static double warm(Entry entry, Pace pace) {
        return pace.warm(entry.contestant().engine(), false);
    }

    private boolean has(String contestant) {
        return contestants.contains(contestant);
    }

    @Override
    public double estimate(Pace pace) {
        List<Entry> entries = entries();
        double windows = pace.rounds() * entries.size() * (storm * CLIENT_SECONDS + Pace.AROUND_A_WINDOW);
        double warm = entries.stream()
                .filter(entry -> entry.contestant().engine().warms())
                .mapToDouble(entry -> warm(entry, pace))
                .sum();
        return (has(WHOLE) ? coldRounds * COLD_SECONDS : 0)
                + contestants.size() * START_SECONDS
                + warm
                + windows
                + (has(WHOLE) ? pace.rounds(CHURN_LENGTH) : 0);
    }

    @Override
    public void run(Run run, Pace pace) {
        if (has(WHOLE)) {
            first(run, pace);
        }
        List<Seat> seats = new ArrayList<>();
        try {
            for (Contestant contestant : Contestants.all()) {
                if (entries().stream().anyMatch(entry -> entry.contestant().equals(contestant))) {
                    seats.add(seat(run, contestant));
                }
            }
            storms(run, pace, seats);
        } finally {
            run.leave(seats);
        }
    }

    /** Its client never opens: the load is there for those that come and go, who speak what this one would. */
    private static Seat seat(Run run, Contestant contestant) {
        return run.seat(
                contestant,
                contestant
                        .clients(Crowd.SPEAKERS, 1)
                        .or(() -> contestant.clients(Crowd.LISTENERS, 1))
                        .orElseThrow());
    }

    private static Load load(List<Seat> seats, Contestant contestant) {
        return seats.stream()
                .filter(seat -> seat.contestant().equals(contestant))
                .findFirst()
                .orElseThrow()
                .load();
    }

    private void first(Run run, Pace pace) {
        Contestant contestant = Contestants.named(WHOLE);
        Way way = contestant.way(Coming.NEGOTIATED).orElseThrow();
        for (int round = 1; round <= coldRounds; round++) {
            List<Seat> seats = new ArrayList<>();
            try {
                seats.add(seat(run, contestant));
                record(
                        run,
                        pace,
                        "cold",
                        WHOLE,
                        round,
                        0,
                        seats.getFirst().load().connect(COLD_CLIENTS, PARALLEL, way));
            } finally {
                run.leave(seats);
            }
        }
    }

    private void storms(Run run, Pace pace, List<Seat> seats) {
        List<Entry> entries = entries();
        for (Entry entry : entries) {
            if (entry.contestant().engine().warms()) {
                run.say("connect: " + entry.contestant().name() + " " + variant(entry.coming()) + ", warm-up");
                int count = (int) Math.round(warm(entry, pace) / CLIENT_SECONDS);
                load(seats, entry.contestant()).connect(count, PARALLEL, entry.way());
            }
        }
        seats.forEach(run::settle);
        double last = 0;
        for (int round = 1; round <= pace.rounds(); round++) {
            if (round > 1 && !run.hasTimeFor(last)) {
                run.say("connect: no time for round " + round);
                return;
            }
            double begin = run.elapsed();
            for (Entry entry : entries) {
                Line answer = load(seats, entry.contestant()).connect(storm, PARALLEL, entry.way());
                record(run, pace, variant(entry.coming()), entry.contestant().name(), round, 0, answer);
            }
            if (has(WHOLE)) {
                Contestant contestant = Contestants.named(WHOLE);
                Way way = contestant.way(Coming.NEGOTIATED).orElseThrow();
                Line answer = load(seats, contestant).churn(pace.window(CHURN_LENGTH), CHURN_RATE, way);
                record(run, pace, "churn", WHOLE, round, CHURN_RATE, answer);
            }
            last = run.elapsed() - begin;
        }
    }

    private static String variant(Coming coming) {
        return coming.name().toLowerCase(Locale.ROOT);
    }

    private static void record(
            Run run, Pace pace, String variant, String contestant, int round, double rate, Line answer) {
        run.record(Line.of("workload", "connect", "variant", variant, "contestant", contestant)
                .and("round", round)
                .and("rate", rate)
                .and(answer));
        run.say(String.format(
                Locale.ROOT,
                "connect %s %d/%d %s: %.0f µs",
                variant,
                round,
                pace.rounds(),
                contestant,
                answer.number("cpu") / Math.max(1, answer.number("done"))));
    }
}
