package io.tidewire.bench.stage;

/** A part of a run that starts contestants of its own. */
public interface Stage {
    String name();

    /** What it will about take. */
    double estimate(Pace pace);

    void run(Run run, Pace pace);
}
