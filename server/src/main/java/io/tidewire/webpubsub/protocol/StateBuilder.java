package io.tidewire.webpubsub.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes the entries of a group state one by one and the limit with each, so that no message can make us hold more. */
final class StateBuilder {
    /** The reference has no limit; every subscriber of the group gets all states, so they have to be small. */
    static final int MAX_TOTAL = 16 * 1024;

    /** Entries cost more than their characters. */
    static final int MAX_ENTRIES = 100;

    private final Map<String, String> entries = new LinkedHashMap<>();
    private int total;

    /**
     * Adds an entry; of several with the same key the last one counts.
     *
     * @throws InvalidContent when it is beyond the limit
     */
    void add(String key, String value) {
        entries.put(key, value);
        total += Math.max(1, key.length() + value.length()); // also what a later one replaces: it was work
        if (total > MAX_TOTAL) {
            throw new InvalidContent("The group state is too large. All keys and values together have at most "
                    + MAX_TOTAL + " characters.");
        }
        if (entries.size() > MAX_ENTRIES) {
            throw new InvalidContent("A group state has at most " + MAX_ENTRIES + " entries.");
        }
    }

    Map<String, String> build() {
        return Collections.unmodifiableMap(entries);
    }
}
