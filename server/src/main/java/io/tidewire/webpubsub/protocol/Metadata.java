package io.tidewire.webpubsub.protocol;

import java.util.Map;

/**
 * What a message says about itself (reference C.3, D.3): lower-case keys with printable ASCII values, within the limits there.
 * Immutable.
 */
public record Metadata(Map<String, String> entries) {
    public static final Metadata NONE = new Metadata(Map.of());

    public Metadata {
        entries = Map.copyOf(entries);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }
}
