package io.tidewire.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, in order, decoded. Names are looked up without regard to ASCII case. */
public interface Query {
    /** The first value, null when absent. */
    @Nullable
    String first(String name);

    /** The last value, null when absent. */
    @Nullable
    String last(String name);

    /** All values, in order; empty when absent. */
    List<String> all(String name);
}
