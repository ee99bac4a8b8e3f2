package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Tidewire;
import io.tidewire.bench.line.Line;
import io.tidewire.bench.machine.Program;
import io.tidewire.bench.machine.Site;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** From the command to the first request that is answered: {@code ./tidewire serve} as a user types it, on all CPUs. */
record Start(int rounds) implements Stage {
    private static final double WITH_CACHE_SECONDS = 0.6;
    private static final double WITHOUT_SECONDS = 1;
    private static final Duration STEP = Duration.ofMillis(2);

    @Override
    public String name() {
        return "start";
    }

    @Override
    public double estimate(Pace pace) {
        return rounds * (WITH_CACHE_SECONDS + WITHOUT_SECONDS);
    }

    @Override
    public void run(Run run, Pace pace) {
        Map<String, String> without = new HashMap<>(Tidewire.environment());
        without.put("TIDEWIRE_NO_AOT", "1");
        // One that is not counted brings the files into memory.
        measure(run.site(), Tidewire.environment());
        for (int round = 1; round <= rounds; round++) {
            record(run, "cache", round, measure(run.site(), Tidewire.environment()));
            record(run, "no-cache", round, measure(run.site(), without));
        }
    }

    private void record(Run run, String variant, int round, double millis) {
        run.record(Line.of("workload", "start", "variant", variant, "contestant", "tidewire")
                .and("round", round)
                .and("ready_ms", String.format(Locale.ROOT, "%.1f", millis)));
        run.say(String.format(Locale.ROOT, "start %s %d/%d: %.0f ms", variant, round, rounds, millis));
    }

    private static double measure(Site site, Map<String, String> environment) {
        int admin = site.freePort();
        List<String> command = Tidewire.command(site, site.freePort(), site.freePort(), admin);
        long begin = System.nanoTime();
        Program program = site.unpinned("start", environment, command);
        try {
            program.await(Duration.ofSeconds(30), STEP, () -> Tidewire.ready(admin));
            return (System.nanoTime() - begin) / 1e6;
        } finally {
            site.stop(List.of(program));
        }
    }
}
