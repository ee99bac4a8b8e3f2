package io.tidewire.hub;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of the hubs. A connection and every index entry about it live here for life, so nothing here is
 * locked: all state is confined to the loop, and other threads only hand over work, in order.
 */
final class Shard {
    /** Bytes handed over and not yet walked, above which senders are asked to wait. */
    static final long HIGH_WATER = 16L << 20;

    /** Members that one pass of the loop looks at for somebody who asks who is there. */
    static final int MEMBERS_AT_A_TIME = 4096;

    private final int index;
    private final Executor loop;
    private final Observer observer;

    /** Confined to the loop. */
    private final Map<String, Members> hubs = new HashMap<>();

    private final AtomicLong waitingBytes = new AtomicLong();
    private final Queue<CompletableFuture<Void>> waitingSenders = new ConcurrentLinkedQueue<>();

    Shard(int index, Executor loop, Observer observer) {
        this.index = index;
        this.loop = loop;
        this.observer = observer;
    }

    long bit() {
        return 1L << index;
    }

    Executor loop() {
        return loop;
    }

    long waitingBytes() {
        return waitingBytes.get();
    }

    /** Any thread. Deliveries and changes of one thread take effect in the order in which it handed them over. */
    void deliver(Delivery delivery, int size) {
        waitingBytes.addAndGet(size);
        loop.execute(() -> {
            try {
                Members members = hubs.get(delivery.hub());
                if (members != null) {
                    members.deliver(delivery);
                }
            } finally {
                delivery.shardDone();
                giveBack(size);
            }
        });
    }

    /** Any thread; in one order with deliveries. */
    void execute(Execution execution, int size) {
        waitingBytes.addAndGet(size);
        loop.execute(() -> {
            Members members = hubs.get(execution.hub());
            List<Connection> all = members == null ? List.of() : members.of(execution.audience());
            goOn(new ExecutionWalk(execution, all, observer), members, size);
        });
    }

    /** However much a filter asks, others get their turn after some members. */
    private void goOn(ExecutionWalk walk, @Nullable Members members, int size) {
        boolean more = false;
        try {
            more = members != null && walk.someOf(members);
            if (more) {
                loop.execute(() -> goOn(walk, members, size));
            }
        } catch (RejectedExecutionException stopped) {
            more = false;
        } finally {
            if (!more) {
                walk.end();
                giveBack(size);
            }
        }
    }

    /** Any thread; in one order with deliveries. */
    void ask(String hub, Command.Ask ask, CompletableFuture<Answer> answer) {
        int size = ask.question().size();
        waitingBytes.addAndGet(size);
        loop.execute(() -> {
            try {
                Members members = hubs.get(hub);
                if (members == null) {
                    answer.complete(new Answer.NoConnection());
                } else {
                    members.ask(ask, answer);
                }
            } finally {
                giveBack(size);
            }
        });
    }

    /** Any thread. */
    void apply(String hub, Command.Change change, Tally tally) {
        loop.execute(() -> {
            try {
                Members members = hubs.get(hub);
                tally.add(members == null ? 0 : members.apply(change));
            } catch (PermissionsFull full) {
                tally.fail(full);
            } catch (RuntimeException | Error defect) {
                tally.fail(defect);
                throw defect;
            }
        });
    }

    /** Any thread; in one order with changes. */
    CompletionStage<Boolean> allows(String hub, String connectionId, Permission permission, @Nullable String group) {
        var answer = new CompletableFuture<Boolean>();
        loop.execute(() -> {
            Members members = hubs.get(hub);
            answer.complete(members != null && members.allows(connectionId, permission, group));
        });
        return answer;
    }

    /** The first members whose ids come after the given one, in the order of their ids. Any thread. */
    CompletionStage<List<Member>> members(String hub, Audience.Scope scope, @Nullable String after, int limit) {
        var answer = new CompletableFuture<List<Member>>();
        var first = new FirstMembers(after, limit);
        loop.execute(() -> look(hub, scope, Integer.MAX_VALUE, first, answer));
        return answer;
    }

    /** However many members there are, others get their turn after some of them. */
    private void look(
            String hub, Audience.Scope scope, int unseen, FirstMembers first, CompletableFuture<List<Member>> answer) {
        Members members = hubs.get(hub);
        int left = members == null ? 0 : members.show(scope, unseen, MEMBERS_AT_A_TIME, first);
        if (left > 0) {
            loop.execute(() -> look(hub, scope, left, first, answer));
        } else {
            answer.complete(first.list());
        }
    }

    /** Completes when there is room for more; at once while there is. Any thread. */
    CompletionStage<Void> room() {
        if (waitingBytes.get() < HIGH_WATER) {
            return Fanout.DONE;
        }
        var sender = new CompletableFuture<Void>();
        waitingSenders.add(sender);
        // The loop may have drained everything between the look and the add.
        if (waitingBytes.get() < HIGH_WATER) {
            admitWaiting();
        }
        return sender;
    }

    private void giveBack(int size) {
        if (waitingBytes.addAndGet(-size) < HIGH_WATER) {
            admitWaiting();
        }
    }

    private void admitWaiting() {
        for (var sender = waitingSenders.poll(); sender != null; sender = waitingSenders.poll()) {
            sender.complete(null);
        }
    }

    /** Loop only. Returns false when the id is taken. */
    boolean add(String hub, Routes routes, Connection connection) {
        return hubs.computeIfAbsent(hub, name -> new Members(name, routes, this, observer))
                .add(connection);
    }

    /** Loop only. Returns false when it was not here. */
    boolean remove(String hub, Connection connection) {
        Members members = hubs.get(hub);
        if (members == null || !members.remove(connection)) {
            return false;
        }
        if (members.isEmpty()) {
            hubs.remove(hub);
        }
        return true;
    }

    /** Loop only. Returns null when the connection is not here. */
    Connection.@Nullable Watch watch(String hub, Connection connection, String group) {
        Members members = hubs.get(hub);
        return members == null ? null : members.watch(connection, group);
    }

    /** Loop only. */
    void unwatch(String hub, Connection connection, String group) {
        Members members = hubs.get(hub);
        if (members != null) {
            members.unwatch(connection, group);
        }
    }

    /** Loop only. */
    void showStates(String hub, Connection connection, String group, Connection.Watch watch, Message states) {
        Members members = hubs.get(hub);
        if (members != null) {
            members.showStates(connection, group, watch, states);
        }
    }

    /** Loop only. */
    void join(String hub, Connection connection, String group, Command.Cause cause) {
        Members members = hubs.get(hub);
        if (members != null) {
            members.join(connection, group, cause);
        }
    }
}
