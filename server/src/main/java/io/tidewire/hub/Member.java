package io.tidewire.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection, as somebody is told who asks who is there.
 *
 * @param userId null for an anonymous client
 */
public record Member(String connectionId, @Nullable String userId) {

    /** The first of two lists together, in the order of their ids: how a node adds up its shards, and a cluster its nodes. */
    public static List<Member> first(List<Member> these, List<Member> those, int limit) {
        if (these.isEmpty() || those.isEmpty()) {
            return these.isEmpty() ? those : these;
        }
        var all = new ArrayList<>(these);
        all.addAll(those);
        all.sort(Comparator.comparing(Member::connectionId));
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }
}
