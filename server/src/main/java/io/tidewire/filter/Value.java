package io.tidewire.filter;

import io.tidewire.hub.Connection;
import org.jspecify.annotations.Nullable;

/** What a part of a filter is for a connection. Its type is known before any connection is. */
sealed interface Value {
    /** True or false, never null. */
    non-sealed interface Bool extends Value {
        boolean of(Connection connection);
    }

    /** A string or null. */
    non-sealed interface Text extends Value {
        @Nullable
        String of(Connection connection);
    }

    /** An integer or null, which is {@link #NOTHING}. */
    non-sealed interface Int extends Value {
        /** Outside of what integers of a filter can be. */
        long NOTHING = Long.MIN_VALUE;

        long of(Connection connection);
    }

    /** The groups of the connection. */
    record Groups() implements Value {}

    /** The literal null, which is of any type but boolean. */
    record Null() implements Value {}
}
