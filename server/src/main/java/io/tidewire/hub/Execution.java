package io.tidewire.hub;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A {@link Command.Execute} on its way to the shards. Each message in it is encoded and shared as one that is sent alone. */
final class Execution {
    private final String hub;
    private final Command.Execute command;
    /** By the index of the step; null where it sends nothing. */
    private final @Nullable Delivery[] deliveries;

    private final Tally tally;

    Execution(String hub, Command.Execute command, int shards, Observer observer) {
        this.hub = hub;
        this.command = command;
        this.tally = new Tally(shards);
        this.deliveries = new Delivery[command.steps().size()];
        for (int i = 0; i < deliveries.length; i++) {
            if (command.steps().get(i) instanceof Command.Step.Send send) {
                deliveries[i] = new Delivery(hub, command.audience(), send.message(), shards, observer);
            }
        }
    }

    String hub() {
        return hub;
    }

    Audience audience() {
        return command.audience();
    }

    List<Command.Step> steps() {
        return command.steps();
    }

    /** What the step sends to clients of the dialect, borrowed; null when that is nothing. */
    @Nullable
    Frame frameFor(int step, Dialect dialect) {
        Delivery delivery = deliveries[step];
        return delivery == null ? null : delivery.frameFor(dialect);
    }

    /** A shard has done all for its members. */
    void shardDone(int connections) {
        for (Delivery delivery : deliveries) {
            if (delivery != null) {
                delivery.shardDone();
            }
        }
        tally.add(connections);
    }

    /** Completes when all shards are done, with the number of connections. */
    CompletionStage<Integer> result() {
        return tally.result();
    }
}
