package io.tidewire.hub;

import java.util.List;

/**
 * One shard's part of an {@link Execution}, from one connection to the next. What its filter costs is for the caller to choose, so the
 * walk stops when it has taken some time, for others to have their turn. Confined to the shard's loop.
 */
final class ExecutionWalk {
    private static final long NANOS_AT_A_TIME = 2_000_000;

    /** What was sent so far. */
    static final class Handed {
        int receivers;
        long bytes;
    }

    private final Execution execution;
    /** When the walk began. Who has come since is not meant. */
    private final List<Connection> all;

    private final Observer observer;
    private final Handed handed = new Handed();
    private int next;
    private int count;

    ExecutionWalk(Execution execution, List<Connection> all, Observer observer) {
        this.execution = execution;
        this.all = all;
        this.observer = observer;
        this.next = all.size();
    }

    /**
     * Does some of the rest, of one at least.
     *
     * @return whether there is more
     */
    boolean someOf(Members members) {
        long began = System.nanoTime();
        while (next > 0) {
            if (members.execute(all.get(--next), execution, handed)) {
                count++;
            }
            if (System.nanoTime() - began > NANOS_AT_A_TIME) {
                break;
            }
        }
        return next > 0;
    }

    /** Nothing more is done, whatever is left. */
    void end() {
        if (handed.receivers > 0) {
            observer.delivered(execution.hub(), handed.receivers, handed.bytes);
        }
        execution.shardDone(count);
    }
}
