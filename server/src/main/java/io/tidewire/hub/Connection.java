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
