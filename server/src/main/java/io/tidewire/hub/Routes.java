package io.tidewire.hub;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which shards have a member of what, for one hub: the only index that all threads share. Readers never wait; a shard
 * writes only when its first member of something comes or its last one goes. A set of shards is a bit mask, so there are at
 * most {@value #MAX_SHARDS} of them.
 */
final class Routes {
    static final int MAX_SHARDS = 64;

    private final AtomicLong all = new AtomicLong();
    private final ConcurrentHashMap<String, Long> users = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Long> groups = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Long> watchers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Shard> connections = new ConcurrentHashMap<>();

    /** The shards that have a member, as bits; 0 for nobody. */
    long shardsOf(Audience.Scope scope) {
        return switch (scope) {
            case Audience.Scope.All _ -> all.get();
            case Audience.Scope.Group group -> groups.getOrDefault(group.name(), 0L);
            case Audience.Scope.User user -> users.getOrDefault(user.id(), 0L);
            case Audience.Scope.Watchers watching -> watchers.getOrDefault(watching.group(), 0L);
            case Audience.Scope.One one -> {
                Shard shard = connections.get(one.connectionId());
                yield shard == null ? 0L : shard.bit();
            }
        };
    }

    /** Returns false when the id is taken. */
    boolean addConnection(String id, Shard shard) {
        return connections.putIfAbsent(id, shard) == null;
    }

    void removeConnection(String id) {
        connections.remove(id);
    }

    void addHub(long shard) {
        all.getAndUpdate(bits -> bits | shard);
    }

    void removeHub(long shard) {
        all.getAndUpdate(bits -> bits & ~shard);
    }

    void addUser(String user, long shard) {
        add(users, user, shard);
    }

    void removeUser(String user, long shard) {
        remove(users, user, shard);
    }

    void addGroup(String group, long shard) {
        add(groups, group, shard);
    }

    void removeGroup(String group, long shard) {
        remove(groups, group, shard);
    }

    void addWatchers(String group, long shard) {
        add(watchers, group, shard);
    }

    void removeWatchers(String group, long shard) {
        remove(watchers, group, shard);
    }

    private static void add(ConcurrentHashMap<String, Long> index, String name, long shard) {
        index.merge(name, shard, (a, b) -> a | b);
    }

    private static void remove(ConcurrentHashMap<String, Long> index, String name, long shard) {
        index.computeIfPresent(name, (_, bits) -> (bits & ~shard) == 0 ? null : bits & ~shard);
    }
}
