package io.tidewire.backplane.embedded;

import io.tidewire.hub.Audience;
import io.tidewire.hub.Command;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.UserGroups;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Users' memberships in memory. Each user belongs to one loop, which alone keeps the user's memberships and alone hands out
 * the commands that follow from them: that is what puts the changes of one user, expiry included, into one order.
 */
final class EmbeddedUserGroups implements UserGroups {
    private record User(String hub, String id) {}

    private final Fanout local;
    private final List<Partition> partitions;

    EmbeddedUserGroups(Fanout local, List<? extends ScheduledExecutorService> loops) {
        this.local = local;
        this.partitions = loops.stream().map(Partition::new).toList();
    }

    @Override
    public CompletionStage<Void> add(String hub, String user, String group, @Nullable Duration ttl) {
        return on(new User(hub, user), partition -> partition.add(new User(hub, user), group, ttl));
    }

    @Override
    public CompletionStage<Void> remove(String hub, String user, String group) {
        return on(new User(hub, user), partition -> partition.remove(new User(hub, user), group));
    }

    @Override
    public CompletionStage<Void> removeAll(String hub, String user) {
        return on(new User(hub, user), partition -> partition.removeAll(new User(hub, user)));
    }

    @Override
    public CompletionStage<Boolean> contains(String hub, String user, String group) {
        return on(
                new User(hub, user),
                partition -> CompletableFuture.completedStage(partition.contains(new User(hub, user), group)));
    }

    @Override
    public void of(String hub, String user, Answer answer) {
        var asked = new User(hub, user);
        Partition partition = partitionOf(asked);
        partition.loop.execute(() -> answer.groups(partition.groupsOf(asked), null));
    }

    private Partition partitionOf(User user) {
        return partitions.get(Math.floorMod(user.hashCode(), partitions.size()));
    }

    private <T> CompletionStage<T> on(User user, Function<Partition, CompletionStage<T>> work) {
        Partition partition = partitionOf(user);
        var result = new CompletableFuture<T>();
        partition.loop.execute(() -> work.apply(partition).whenComplete((value, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(value);
            }
        }));
        return result;
    }

    /** The users of one loop. Confined to it. */
    private final class Partition {
        private final ScheduledExecutorService loop;
        private final Map<User, Memberships> users = new HashMap<>();

        Partition(ScheduledExecutorService loop) {
            this.loop = loop;
        }

        CompletionStage<Void> add(User user, String group, @Nullable Duration ttl) {
            Memberships memberships = users.computeIfAbsent(user, _ -> new Memberships());
            Duration life = ttl == null ? LASTING : ttl;
            var expiry = loop.schedule(() -> expire(user, group), life.toMillis(), TimeUnit.MILLISECONDS);
            String evicted = memberships.put(group, ttl == null, expiry);
            if (evicted != null) {
                local.apply(user.hub(), new Command.Leave(audience(user), evicted, Command.Cause.USER));
            }
            return local.apply(user.hub(), new Command.Join(audience(user), group, Command.Cause.USER))
                    .thenAccept(_ -> {});
        }

        CompletionStage<Void> remove(User user, String group) {
            Memberships memberships = users.get(user);
            if (memberships != null) {
                memberships.remove(group);
                forgetIfEmpty(user, memberships);
            }
            return local.apply(user.hub(), new Command.Remove(audience(user), group))
                    .thenAccept(_ -> {});
        }

        CompletionStage<Void> removeAll(User user) {
            Memberships memberships = users.remove(user);
            if (memberships != null) {
                memberships.clear();
            }
            return local.apply(user.hub(), new Command.RemoveFromAll(audience(user)))
                    .thenAccept(_ -> {});
        }

        boolean contains(User user, String group) {
            Memberships memberships = users.get(user);
            return memberships != null && memberships.contains(group);
        }

        List<String> groupsOf(User user) {
            Memberships memberships = users.get(user);
            return memberships == null ? List.of() : memberships.groups();
        }

        private void expire(User user, String group) {
            Memberships memberships = users.get(user);
            if (memberships != null) {
                memberships.remove(group);
                forgetIfEmpty(user, memberships);
                local.apply(user.hub(), new Command.Leave(audience(user), group, Command.Cause.USER));
            }
        }

        private void forgetIfEmpty(User user, Memberships memberships) {
            if (memberships.isEmpty()) {
                users.remove(user);
            }
        }

        private static Audience audience(User user) {
            return Audience.user(user.id());
        }
    }

    /** The memberships of one user, the latest updated one last. */
    private static final class Memberships {
        private record Membership(boolean lasting, ScheduledFuture<?> expiry) {}

        private final LinkedHashMap<String, Membership> byGroup = new LinkedHashMap<>();
        private int lasting;

        /** Returns the group that had to make room, null when none had to. */
        @Nullable
        String put(String group, boolean isLasting, ScheduledFuture<?> expiry) {
            remove(group);
            byGroup.put(group, new Membership(isLasting, expiry));
            lasting += isLasting ? 1 : 0;
            String evicted = lasting <= LASTING_LIMIT ? null : oldestLasting();
            if (evicted != null) {
                remove(evicted);
            }
            return evicted;
        }

        private @Nullable String oldestLasting() {
            for (var entry : byGroup.entrySet()) {
                if (entry.getValue().lasting()) {
                    return entry.getKey();
                }
            }
            return null;
        }

        void remove(String group) {
            Membership membership = byGroup.remove(group);
            if (membership != null) {
                membership.expiry().cancel(false);
                lasting -= membership.lasting() ? 1 : 0;
            }
        }

        void clear() {
            byGroup.values().forEach(membership -> membership.expiry().cancel(false));
            byGroup.clear();
        }

        boolean isEmpty() {
            return byGroup.isEmpty();
        }

        boolean contains(String group) {
            return byGroup.containsKey(group);
        }

        List<String> groups() {
            return List.copyOf(byGroup.keySet());
        }
    }
}
