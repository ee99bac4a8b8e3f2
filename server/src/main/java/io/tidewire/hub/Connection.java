package io.tidewire.hub;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client of one hub. It lives on the shard that opened it until it ends; everything that changes is confined to that
 * shard.
 */
public final class Connection {
    /** A group this connection is in, and why. */
    static final class Membership {
        final Roster.Place place;
        private int causes;
        private @Nullable Runnable forgetState;

        Membership(Roster.Place place) {
            this.place = place;
        }

        void add(Command.Cause cause) {
            causes |= cause.bit();
        }

        /** Whether no cause is left. */
        boolean end(Command.Cause cause) {
            causes &= ~cause.bit();
            return causes == 0;
        }
    }

    /** A group whose states this connection watches. */
    static final class Watch {
        /** Null until the connection has been shown the states: only then it is told of changes. */
        Roster.@Nullable Place place;
    }

    private final String id;
    private final @Nullable String userId;
    private final Dialect dialect;
    private final Link link;
    private final int rank;
    private @Nullable Permissions permissions;

    Roster.@Nullable Place inHub;
    Roster.@Nullable Place inUser;

    /** By group name; the shared empty map until the first group. */
    Map<String, Membership> groups = Map.of();

    /** By group name; the shared empty map until the first one. */
    Map<String, Watch> watches = Map.of();

    private int states;

    /**
     * @param id unique in the hub, hard to guess
     * @param userId null for an anonymous client
     */
    public Connection(String id, @Nullable String userId, Dialect dialect, Link link) {
        this.id = id;
        this.userId = userId;
        this.dialect = dialect;
        this.link = link;
        this.rank = FirstMembers.rank(id);
    }

    public String id() {
        return id;
    }

    public @Nullable String userId() {
        return userId;
    }

    public Dialect dialect() {
        return dialect;
    }

    /** What it may do by itself; nothing until somebody grants something. Call on the connection's shard, or before it is open. */
    public Permissions permissions() {
        if (permissions == null) {
            permissions = new Permissions();
        }
        return permissions;
    }

    /**
     * Whether it may do so. Call on the connection's shard.
     *
     * @param group null for all groups
     */
    public boolean allows(Permission permission, @Nullable String group) {
        if (permissions == null) {
            return false;
        }
        return group == null ? permissions.allowsAll(permission) : permissions.allows(permission, group);
    }

    /** Its groups as they are now; a copy. Call on the connection's shard. */
    public Set<String> groups() {
        return Set.copyOf(groups.keySet());
    }

    /** Call on the connection's shard. */
    public boolean isIn(String group) {
        return groups.containsKey(group);
    }

    /** In how many groups it is. Call on the connection's shard. */
    public int groupCount() {
        return groups.size();
    }

    /** In how many groups it has a state. Call on the connection's shard. */
    public int stateCount() {
        return states;
    }

    /** Whether it has a state in the group. Call on the connection's shard. */
    public boolean hasState(String group) {
        Membership membership = groups.get(group);
        return membership != null && membership.forgetState != null;
    }

    /** Of how many groups it watches the states. Call on the connection's shard. */
    public int watchCount() {
        return watches.size();
    }

    /** The groups whose states it watches; a copy. Call on the connection's shard. */
    public Set<String> watched() {
        return Set.copyOf(watches.keySet());
    }

    /** Call on the connection's shard. */
    public boolean watches(String group) {
        return watches.containsKey(group);
    }

    /**
     * It has a state in a group from now on, or none any more.
     *
     * @param forget called when its membership ends; null for no state
     * @return false, with nothing changed, when it is no member
     */
    boolean keepState(String group, @Nullable Runnable forget) {
        Membership membership = groups.get(group);
        if (membership == null) {
            return false;
        }
        states += (forget == null ? 0 : 1) - (membership.forgetState == null ? 0 : 1);
        membership.forgetState = forget;
        return true;
    }

    /** A membership of this connection is over: its state goes with it. */
    void over(Membership membership) {
        if (membership.forgetState != null) {
            states--;
            membership.forgetState.run();
        }
    }

    /** The {@link FirstMembers#rank} of its id. */
    int rank() {
        return rank;
    }

    Link link() {
        return link;
    }

    void putGroup(String group, Membership membership) {
        if (groups.isEmpty()) {
            groups = new HashMap<>(4);
        }
        groups.put(group, membership);
    }

    /** Shows the id only: user ids may be personal. */
    @Override
    public String toString() {
        return "Connection[" + id + "]";
    }
}
