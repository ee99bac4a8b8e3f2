package io.tidewire.bench.stage;

/**
 * How long everything takes.
 *
 * @param rounds windows of each thing
 * @param seconds of a window
 * @param warmSeconds before the first window, for a contestant that compiles while it runs
 */
public record Pace(int rounds, double seconds, double warmSeconds) {
    /** After its seconds a window waits for late and double deliveries; and the line goes to and fro. */
    static final double AROUND_A_WINDOW = 0.3;

    /** Of so many windows in each round. */
    double windows(int each) {
        return rounds * each * (seconds + AROUND_A_WINDOW);
    }

    Pace withSeconds(double newSeconds) {
        return new Pace(rounds, newSeconds, warmSeconds);
    }
}
