package io.tidewire.config.type;

/** One kind of value: how it is written in a file, the environment or on the command line. Immutable. */
public interface Type<T> {
    /** What the reference calls it, for example {@code duration}. */
    String name();

    /**
     * Reads one piece of text.
     *
     * @throws BadValue when the text is not such a value, or is out of bounds
     */
    T parse(String text);

    /**
     * Reads a value as it was written.
     *
     * @throws BadValue also when a list stands where one value belongs
     */
    default T parse(Raw raw) {
        return switch (raw) {
            case Raw.One one -> parse(one.text());
            case Raw.Many many ->
                throw new BadValue(
                        "must be one value, but is a list of " + many.items().size());
            case Raw.Items items ->
                throw new BadValue(
                        "must be one value, but is a list of " + items.items().size());
            case Raw.Fields _ -> throw new BadValue("must be one value, but has settings below it");
        };
    }

    /** Whether a value is names with values, as {@link Raw.Fields}. */
    default boolean hasFields() {
        return false;
    }

    /** The value as one would write it, or a stand-in where it is secret. */
    String print(T value);
}
