package io.tidewire.bench.stage;

import io.tidewire.bench.contestant.Contestant.Engine;

/**
 * How long everything takes.
 *
 * @param rounds windows of each thing
 * @param seconds of a window; those at a low rate are longer
 * @param warmSeconds before the first window, for a JVM that delivers
 */
public record Pace(int rounds, double seconds, double warmSeconds) {
    /** After its seconds a window waits for late and double deliveries; and the line goes to and fro. */
    static final double AROUND_A_WINDOW = 0.23;

    /** A call or a client's message goes through far more code than a delivery, and the compiler rests only after some 25 s of it. */
    private static final double CALLS_WARM_LONGER = 3.5;

    private static final double JAVASCRIPT_WARMS_SHORTER = 0.5;

    /** For caches alone. */
    private static final double NATIVE_SECONDS = 0.5;

    /** Of a window of that length (1 is an ordinary one) in each round. */
    double rounds(double length) {
        return rounds * (window(length) + AROUND_A_WINDOW);
    }

    double window(double length) {
        return seconds * length;
    }

    /**
     * Before the first window.
     *
     * @param calls whether clients or callers ask for something, rather than get what one message fans out to
     */
    double warm(Engine engine, boolean calls) {
        return switch (engine) {
            case NATIVE -> NATIVE_SECONDS;
            case JAVASCRIPT -> warmSeconds * JAVASCRIPT_WARMS_SHORTER;
            case JVM -> warmSeconds * (calls ? CALLS_WARM_LONGER : 1);
        };
    }

    Pace withSeconds(double newSeconds) {
        return new Pace(rounds, newSeconds, warmSeconds);
    }
}
