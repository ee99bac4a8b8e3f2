package io.tidewire.hub;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This node's end of the backplane: hands each command once to every shard that has a member of its audience. Any thread
 * may call; commands of one thread take effect in the order of its calls.
 */
public final class Fanout {
    /** Bytes waiting on one shard above which messages are refused: the senders did not slow down when asked to. */
    static final long LIMIT = 16 * Shard.HIGH_WATER;

    static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);
    private static final CompletionStage<Integer> NOBODY = CompletableFuture.completedStage(0);

    private final Observer observer;
    private final Shard[] shards;
    private final ConcurrentHashMap<String, Routes> hubs = new ConcurrentHashMap<>();

    /**
     * @param loops one single-threaded executor for each shard, at most 64
     */
    public Fanout(List<? extends Executor> loops, Observer observer) {
        if (loops.isEmpty() || loops.size() > Routes.MAX_SHARDS) {
            throw new IllegalArgumentException("between 1 and " + Routes.MAX_SHARDS + " shards, not " + loops.size());
        }
        this.observer = observer;
        this.shards = new Shard[loops.size()];
        for (int i = 0; i < shards.length; i++) {
            shards[i] = new Shard(i, loops.get(i), observer);
        }
    }

    /**
     * Sends a message to its audience on this node.
     *
     * @return completes when the next message may follow: at once, or when a shard that lags behind has caught up; fails
     *     with {@link Overloaded} when the message was not taken
     */
    public CompletionStage<Void> deliver(String hub, Command.Deliver command) {
        Routes routes = hubs.get(hub);
        long targets = routes == null ? 0 : routes.shardsOf(command.audience().scope());
        if (targets == 0) {
            return DONE;
        }
        Shard slowest = slowest(targets);
        if (slowest.waitingBytes() > LIMIT) {
            return overloaded(hub, slowest);
        }
        hand(hub, command, targets);
        return slowest.room();
    }

    /** As {@link #deliver}, and taken however much waits: small, of something that cannot be taken back, and bounded otherwise. */
    public void tell(String hub, Command.Deliver command) {
        Routes routes = hubs.get(hub);
        long targets = routes == null ? 0 : routes.shardsOf(command.audience().scope());
        if (targets != 0) {
            hand(hub, command, targets);
        }
    }

    private void hand(String hub, Command.Deliver command, long targets) {
        var delivery = new Delivery(hub, command.audience(), command.message(), Long.bitCount(targets), observer);
        int size = command.message().size();
        for (long left = targets; left != 0; left &= left - 1) {
            shards[Long.numberOfTrailingZeros(left)].deliver(delivery, size);
        }
    }

    /**
     * Changes the members of the audience on this node.
     *
     * @return completes when the effect is in place, with the number of connections it was for; fails with
     *     {@link PermissionsFull} when one of them took no more
     */
    public CompletionStage<Integer> apply(String hub, Command.Change change) {
        Routes routes = hubs.get(hub);
        long targets = routes == null ? 0 : routes.shardsOf(change.audience().scope());
        if (targets == 0) {
            return NOBODY;
        }
        var tally = new Tally(Long.bitCount(targets));
        for (long left = targets; left != 0; left &= left - 1) {
            shards[Long.numberOfTrailingZeros(left)].apply(hub, change, tally);
        }
        return tally.result();
    }

    /**
     * Asks a connection of this node.
     *
     * @return what became of it, when the patience is over at the latest; whoever cancels it waits no more. Fails with
     *     {@link Overloaded} when it was not taken
     */
    public CompletableFuture<Answer> ask(String hub, Command.Ask ask) {
        Routes routes = hubs.get(hub);
        long target = routes == null ? 0 : routes.shardsOf(ask.audience().scope());
        if (target == 0) {
            return CompletableFuture.completedFuture(new Answer.NoConnection());
        }
        Shard shard = shards[Long.numberOfTrailingZeros(target)];
        if (shard.waitingBytes() > LIMIT) {
            observer.dropped(hub, "Overloaded");
            return CompletableFuture.failedFuture(new Overloaded(shard.waitingBytes(), LIMIT));
        }
        var answer = new CompletableFuture<Answer>();
        shard.ask(hub, ask, answer);
        // The timer goes with the answer, whoever completes it.
        return answer.completeOnTimeout(new Answer.TooLate(), ask.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Does several things for the members of the audience on this node.
     *
     * @return completes when the effect is in place, with the number of connections it was for; fails with
     *     {@link Overloaded} when nothing was done
     */
    public CompletionStage<Integer> execute(String hub, Command.Execute command) {
        Routes routes = hubs.get(hub);
        long targets = routes == null ? 0 : routes.shardsOf(command.audience().scope());
        if (targets == 0) {
            return NOBODY;
        }
        Shard slowest = slowest(targets);
        if (slowest.waitingBytes() > LIMIT) {
            return overloaded(hub, slowest);
        }
        var execution = new Execution(hub, command, Long.bitCount(targets), observer);
        int size = command.size();
        for (long left = targets; left != 0; left &= left - 1) {
            shards[Long.numberOfTrailingZeros(left)].execute(execution, size);
        }
        return execution.result();
    }

    private Shard slowest(long targets) {
        Shard slowest = shards[Long.numberOfTrailingZeros(targets)];
        for (long left = targets; left != 0; left &= left - 1) {
            Shard shard = shards[Long.numberOfTrailingZeros(left)];
            if (shard.waitingBytes() > slowest.waitingBytes()) {
                slowest = shard;
            }
        }
        return slowest;
    }

    private <T> CompletionStage<T> overloaded(String hub, Shard shard) {
        observer.dropped(hub, "Overloaded");
        return CompletableFuture.failedStage(new Overloaded(shard.waitingBytes(), LIMIT));
    }

    /**
     * The first members of the scope on this node whose ids come after the given one.
     *
     * @param after null to begin at the beginning
     * @return in the order of their ids, at most {@code limit}
     */
    public CompletionStage<List<Member>> members(String hub, Audience.Scope scope, @Nullable String after, int limit) {
        Routes routes = hubs.get(hub);
        long targets = routes == null ? 0 : routes.shardsOf(scope);
        CompletionStage<List<Member>> first = CompletableFuture.completedStage(List.of());
        for (long left = targets; left != 0; left &= left - 1) {
            Shard shard = shards[Long.numberOfTrailingZeros(left)];
            first = first.thenCombine(
                    shard.members(hub, scope, after, limit), (these, those) -> Member.first(these, those, limit));
        }
        return first;
    }

    /** Whether a connection of this node may do so; without a group, to all of them. */
    public CompletionStage<Boolean> allows(
            String hub, String connectionId, Permission permission, @Nullable String group) {
        Routes routes = hubs.get(hub);
        long target = routes == null ? 0 : routes.shardsOf(new Audience.Scope.One(connectionId));
        return target == 0
                ? CompletableFuture.completedStage(false)
                : shards[Long.numberOfTrailingZeros(target)].allows(hub, connectionId, permission, group);
    }

    /** Whether this node has a member of the scope. */
    public boolean has(String hub, Audience.Scope scope) {
        Routes routes = hubs.get(hub);
        return routes != null && routes.shardsOf(scope) != 0;
    }

    Routes routes(String hub) {
        return hubs.computeIfAbsent(hub, _ -> new Routes());
    }

    Shard shardOf(Executor loop) {
        for (Shard shard : shards) {
            if (shard.loop().equals(loop)) {
                return shard;
            }
        }
        throw new IllegalArgumentException("not the loop of a shard: " + loop);
    }

    Observer observer() {
        return observer;
    }
}
