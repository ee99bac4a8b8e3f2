package io.tidewire.config.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value as it was written, before its type is known. */
public sealed interface Raw {
    /** One piece of text. */
    record One(String text) implements Raw {}

    /** A list of texts. */
    record Many(List<String> items) implements Raw {
        public Many {
            items = List.copyOf(items);
        }
    }

    /** A list with something else than text in it. */
    record Items(List<Item> items) implements Raw {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Names with values. */
    record Fields(List<Field> fields) implements Raw {
        public Fields {
            fields = List.copyOf(fields);
        }
    }

    /**
     * An entry of a list.
     *
     * @param line where it was written, counted from 1; 0 where there are no lines
     */
    record Item(int line, Raw value) {}

    /**
     * A name with a value.
     *
     * @param line where it was written, counted from 1; 0 where there are no lines
     * @param value null where nothing or YAML's null is written
     */
    record Field(String name, int line, @Nullable Raw value) {}
}
