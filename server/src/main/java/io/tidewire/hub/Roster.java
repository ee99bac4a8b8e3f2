package io.tidewire.hub;

import java.util.Arrays;
import java.util.List;

/**
 * The connections of a hub, a user or a group on one shard, packed for the fan-out loop. Taking a place and giving it back
 * cost the same for any size: the last member moves into the place that became free. Confined to its shard.
 */
final class Roster {
    /** A connection's place in one roster. */
    static final class Place {
        private final Roster roster;
        private int index;

        private Place(Roster roster, int index) {
            this.roster = roster;
            this.index = index;
        }
    }

    private Connection[] connections = new Connection[4];
    private Place[] places = new Place[4];
    /** Where each id is in the order of ids, roughly, so that who looks for some ids need not touch all connections. */
    private int[] ranks = new int[4];

    private int size;

    int size() {
        return size;
    }

    /** Walk from the end: then a member may leave while it is being visited. */
    Connection at(int index) {
        return connections[index];
    }

    /** As they are now. */
    List<Connection> list() {
        return List.of(Arrays.copyOf(connections, size));
    }

    /** The {@link FirstMembers#rank} of the id of the connection there. */
    int rankAt(int index) {
        return ranks[index];
    }

    Place add(Connection connection) {
        if (size == connections.length) {
            connections = Arrays.copyOf(connections, size * 2);
            places = Arrays.copyOf(places, size * 2);
            ranks = Arrays.copyOf(ranks, size * 2);
        }
        var place = new Place(this, size);
        connections[size] = connection;
        places[size] = place;
        ranks[size] = connection.rank();
        size++;
        return place;
    }

    @SuppressWarnings("NullAway") // a free place holds null; size says which ones are
    void remove(Place place) {
        if (place.roster != this) {
            throw new IllegalArgumentException("a place of another roster");
        }
        int last = --size;
        connections[place.index] = connections[last];
        places[place.index] = places[last];
        ranks[place.index] = ranks[last];
        places[place.index].index = place.index;
        connections[last] = null;
        places[last] = null;
        if (size >= 64 && size <= connections.length / 4) {
            connections = Arrays.copyOf(connections, connections.length / 2);
            places = Arrays.copyOf(places, places.length / 2);
            ranks = Arrays.copyOf(ranks, ranks.length / 2);
        }
    }
}
