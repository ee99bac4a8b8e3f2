package io.tidewire.hub;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the first few of all connections that it is shown, in the order of their ids. One thread at a time. */
final class FirstMembers {
    private final @Nullable String after;
    private final int limit;
    private final TreeMap<String, Member> first = new TreeMap<>();
    private final int lowest;
    private int highest = Integer.MAX_VALUE;

    /**
     * @param after ids up to this one do not count
     */
    FirstMembers(@Nullable String after, int limit) {
        this.after = after;
        this.limit = limit;
        this.lowest = after == null ? 0 : rank(after);
    }

    /**
     * Where an id is in the order of ids, by its first four characters: of two ids, the lower one never has the higher rank.
     * Characters that are no ASCII, which ids hardly have, come to the same as all after them.
     */
    static int rank(String id) {
        int rank = 0;
        boolean ascii = true;
        for (int i = 0; i < 4; i++) {
            char c = i < id.length() ? id.charAt(i) : 0;
            ascii = ascii && c < 0x7F;
            rank = rank << 7 | (ascii ? c : 0x7F);
        }
        return rank;
    }

    /** Whether a connection whose id has this rank may have to be shown. */
    boolean mayWant(int rank) {
        return rank >= lowest && rank <= highest;
    }

    /** The same connection may be shown twice. */
    void show(Connection connection) {
        String id = connection.id();
        if (after != null && id.compareTo(after) <= 0) {
            return;
        }
        if (first.size() == limit && id.compareTo(first.lastKey()) >= 0) {
            return;
        }
        first.put(id, new Member(id, connection.userId()));
        if (first.size() > limit) {
            first.pollLastEntry();
        }
        if (first.size() == limit) {
            highest = rank(first.lastKey());
        }
    }

    List<Member> list() {
        return List.copyOf(first.values());
    }
}
