package io.tidewire.hub;

import io.tidewire.hub.Connection.Watch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who on one shard watches the states of a hub's groups ({@link GroupStates}). Confined to the shard. */
final class Watchers {
    private static final Roster NOBODY = new Roster();

    /** The watchers of one group. */
    private static final class Watched {
        /** Those who were shown the states. */
        final Roster shown = new Roster();
        /** How many are still to be shown them. */
        int coming;
    }

    private final Routes routes;
    private final long shard;
    private final Map<String, Watched> groups = new HashMap<>();

    Watchers(Routes routes, long shard) {
        this.routes = routes;
        this.shard = shard;
    }

    /** From now on what changes is handed to this shard; the connection is told of it when it has been {@link #show shown} the rest. */
    Watch add(Connection connection, String group) {
        if (connection.watches.isEmpty()) {
            connection.watches = new HashMap<>(4);
        }
        Watch watch = connection.watches.get(group);
        if (watch == null) {
            watch = new Watch();
            connection.watches.put(group, watch);
            Watched watched = groups.get(group);
            if (watched == null) {
                watched = new Watched();
                groups.put(group, watched);
                routes.addWatchers(group, shard);
            }
            watched.coming++;
        }
        return watch;
    }

    /** The connection is about to be shown the states; false when it does not want to any more. */
    boolean show(Connection connection, String group, Watch watch) {
        Watched watched = groups.get(group);
        if (watched == null || connection.watches.get(group) != watch) {
            return false;
        }
        if (watch.place == null) {
            watched.coming--;
            watch.place = watched.shown.add(connection);
        }
        return true;
    }

    void remove(Connection connection, String group) {
        Watch watch = connection.watches.isEmpty() ? null : connection.watches.remove(group);
        if (watch != null) {
            giveBack(group, watch);
        }
    }

    void removeAll(Connection connection) {
        Map<String, Watch> watches = connection.watches;
        connection.watches = Map.of();
        watches.forEach(this::giveBack);
    }

    private void giveBack(String group, Watch watch) {
        Watched watched = groups.get(group);
        if (watched == null) {
            return;
        }
        if (watch.place == null) {
            watched.coming--;
        } else {
            watched.shown.remove(watch.place);
        }
        if (watched.coming == 0 && watched.shown.size() == 0) {
            groups.remove(group);
            routes.removeWatchers(group, shard);
        }
    }

    /** Those who are told of changes. */
    Roster of(String group) {
        @Nullable Watched watched = groups.get(group);
        return watched == null ? NOBODY : watched.shown;
    }
}
