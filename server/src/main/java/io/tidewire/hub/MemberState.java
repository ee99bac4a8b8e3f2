package io.tidewire.hub;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one connection says of itself to those who watch a group that it is in (Web PubSub reference D.8).
 *
 * @param userId null for an anonymous client
 * @param state null when it was cleared, or the connection is no member any more
 * @param updatedAt Unix milliseconds
 */
public record MemberState(
        String connectionId,
        @Nullable String userId,
        @Nullable Map<String, String> state,
        long updatedAt) {
    /** Of ids and time, about. */
    private static final int OVERHEAD = 128;

    public MemberState {
        state = state == null ? null : Map.copyOf(state);
    }

    /** Approximate bytes held. */
    public int size() {
        long size = OVERHEAD;
        if (state != null) {
            for (var entry : state.entrySet()) {
                size += entry.getKey().length() + entry.getValue().length();
            }
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }
}
