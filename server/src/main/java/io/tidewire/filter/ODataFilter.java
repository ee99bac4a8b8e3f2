package io.tidewire.filter;

import io.tidewire.hub.Connection;
import io.tidewire.hub.Filter;

/**
 * A filter in the OData dialect of the vendor: parsed and checked once, then asked for each connection. Asking allocates only
 * where a function has to make a new string.
 */
public final class ODataFilter implements Filter {
    private final String source;
    private final Value.Bool condition;

    private ODataFilter(String source, Value.Bool condition) {
        this.source = source;
        this.condition = condition;
    }

    /**
     * Reads a filter.
     *
     * @throws InvalidFilter when it is none, or one beyond the bounds of {@link Parser}
     */
    public static ODataFilter of(String source) {
        return new ODataFilter(source, new Parser(source).filter());
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public boolean matches(Connection connection) {
        return condition.of(connection);
    }

    /** Without its text, which names users. */
    @Override
    public String toString() {
        return "ODataFilter[" + source.length() + " characters]";
    }
}
