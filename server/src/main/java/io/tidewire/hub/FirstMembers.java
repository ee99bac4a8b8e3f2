package io.tidewire.hub;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the first few of all connections that it is shown, in the order of their ids. One thread at a time. */
final class FirstMembers {
    private final @Nullable String after;
    private final int limit;
    private final TreeMap<String, Member> first = new TreeMap<>();

    /**
     * @param after ids up to this one do not count
     */
    FirstMembers(@Nullable String after, int limit) {
        this.after = after;
        this.limit = limit;
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
    }

    List<Member> list() {
        return List.copyOf(first.values());
    }
}
