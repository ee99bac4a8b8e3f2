package io.tidewire.config.type;

import java.util.List;

/** A value as it was written, before its type is known. */
public sealed interface Raw {
    /** One piece of text. */
    record One(String text) implements Raw {}

    /** A list of the file. */
    record Many(List<String> items) implements Raw {
        public Many {
            items = List.copyOf(items);
        }
    }
}
