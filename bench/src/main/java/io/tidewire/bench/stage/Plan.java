package io.tidewire.bench.stage;

import java.util.List;

/**
 * What a run will do, so that it ends in time.
 *
 * @param bound seconds that the run may take
 */
public record Plan(List<Stage> stages, Pace pace, double bound) {
    private static final double SHORTEST = 0.5;
    private static final double STEP = 0.1;
    /** Of the bound; the rest is for what takes longer than it should. */
    private static final double FILL = 0.955;

    public Plan {
        stages = List.copyOf(stages);
    }

    /** With windows as long as the pace wants and the bound allows; {@link #SHORTEST} where it allows none. */
    static Plan fitting(List<Stage> stages, Pace wanted, double bound) {
        Plan plan = new Plan(stages, wanted, bound);
        while (plan.estimate() > FILL * bound && plan.pace.seconds() > SHORTEST) {
            double seconds = Math.max(SHORTEST, Math.round((plan.pace.seconds() - STEP) / STEP) * STEP);
            plan = new Plan(stages, plan.pace.withSeconds(seconds), bound);
        }
        return plan;
    }

    public double estimate() {
        return stages.stream().mapToDouble(stage -> stage.estimate(pace)).sum();
    }

    /** What the stages from this one on (counted from 0) will about take. */
    double estimateFrom(int stage) {
        return stages.stream().skip(stage).mapToDouble(s -> s.estimate(pace)).sum();
    }
}
