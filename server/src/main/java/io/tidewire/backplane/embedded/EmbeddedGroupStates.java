package io.tidewire.backplane.embedded;

import io.tidewire.hub.Audience;
import io.tidewire.hub.Command;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.GroupStates;
import io.tidewire.hub.MemberState;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * States of groups' members in memory. Each group belongs to one loop, which alone keeps its states and alone tells of them:
 * that puts its changes, and what it shows to new watchers, into one order.
 */
final class EmbeddedGroupStates implements GroupStates {
    private record Group(String hub, String name) {}

    private final Fanout local;
    private final InstantSource clock;
    private final Messages messages;
    private final List<Partition> partitions;

    EmbeddedGroupStates(Fanout local, List<? extends Executor> loops, InstantSource clock, Messages messages) {
        this.local = local;
        this.clock = clock;
        this.messages = messages;
        this.partitions = loops.stream().map(Partition::new).toList();
    }

    @Override
    public CompletionStage<Void> set(
            String hub, String group, String connectionId, @Nullable String userId, Map<String, String> state) {
        return on(
                new Group(hub, group),
                partition -> partition.set(
                        new Group(hub, group), new MemberState(connectionId, userId, state, clock.millis())));
    }

    @Override
    public CompletionStage<Void> clear(String hub, String group, String connectionId) {
        return on(new Group(hub, group), partition -> partition.clear(new Group(hub, group), connectionId));
    }

    @Override
    public void of(String hub, String group, Answer answer) {
        var asked = new Group(hub, group);
        Partition partition = partitionOf(asked);
        partition.loop.execute(() -> answer.states(messages.of(group, true, partition.statesOf(asked)), null));
    }

    private Partition partitionOf(Group group) {
        return partitions.get(Math.floorMod(group.hashCode(), partitions.size()));
    }

    private CompletionStage<Void> on(Group group, Function<Partition, CompletionStage<Void>> work) {
        Partition partition = partitionOf(group);
        try {
            return CompletableFuture.supplyAsync(() -> work.apply(partition), partition.loop)
                    .thenCompose(result -> result);
        } catch (RejectedExecutionException stopped) { // with all its watchers: nobody is left to be told
            return CompletableFuture.failedStage(stopped);
        }
    }

    /** The groups of one loop. Confined to it. */
    private final class Partition {
        private final Executor loop;
        /** By group and connection; a group without a state has no entry. */
        private final Map<Group, Map<String, MemberState>> groups = new HashMap<>();

        Partition(Executor loop) {
            this.loop = loop;
        }

        CompletionStage<Void> set(Group group, MemberState state) {
            CompletionStage<Void> told = local.deliver(group.hub(), update(group, state));
            if (!told.toCompletableFuture().isCompletedExceptionally()) {
                groups.computeIfAbsent(group, _ -> new LinkedHashMap<>()).put(state.connectionId(), state);
            }
            return told;
        }

        CompletionStage<Void> clear(Group group, String connectionId) {
            Map<String, MemberState> states = groups.get(group);
            MemberState last = states == null ? null : states.remove(connectionId);
            if (states != null && last != null) {
                if (states.isEmpty()) {
                    groups.remove(group);
                }
                local.tell(
                        group.hub(), update(group, new MemberState(connectionId, last.userId(), null, clock.millis())));
            }
            return CompletableFuture.completedStage(null);
        }

        List<MemberState> statesOf(Group group) {
            return List.copyOf(groups.getOrDefault(group, Map.of()).values());
        }

        private Command.Deliver update(Group group, MemberState state) {
            return new Command.Deliver(
                    Audience.watchers(group.name()), messages.of(group.name(), false, List.of(state)));
        }
    }
}
