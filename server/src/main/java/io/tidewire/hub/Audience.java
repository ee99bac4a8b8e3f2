package io.tidewire.hub;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a command is for. Ids and group names are case-sensitive; what does not exist is an empty audience, never an error.
 *
 * @param scope who is meant
 * @param excluded connection ids that are not meant after all
 * @param filter what a connection must be like; null for anything
 */
public record Audience(
        Scope scope, Set<String> excluded, @Nullable Filter filter) {

    /** Who is meant, before exclusions. */
    public sealed interface Scope {
        /** Every connection of the hub. */
        record All() implements Scope {}

        /** Every connection in the group. */
        record Group(String name) implements Scope {}

        /** Every connection of the user. */
        record User(String id) implements Scope {}

        /** One connection. */
        record One(String connectionId) implements Scope {}

        /** Every connection that watches the states of the group's members, a member itself or not. */
        record Watchers(String group) implements Scope {}
    }

    private static final Audience ALL = of(new Scope.All());

    public Audience {
        excluded = Set.copyOf(excluded);
    }

    public static Audience all() {
        return ALL;
    }

    public static Audience group(String name) {
        return of(new Scope.Group(name));
    }

    public static Audience user(String id) {
        return of(new Scope.User(id));
    }

    public static Audience connection(String id) {
        return of(new Scope.One(id));
    }

    /** Whoever watches the states of the group's members ({@link GroupStates}). */
    public static Audience watchers(String group) {
        return of(new Scope.Watchers(group));
    }

    private static Audience of(Scope scope) {
        return new Audience(scope, Set.of(), null);
    }

    public Audience except(Set<String> connectionIds) {
        return connectionIds.isEmpty() ? this : new Audience(scope, connectionIds, filter);
    }

    public Audience through(@Nullable Filter chooses) {
        return new Audience(scope, excluded, chooses);
    }

    /** Whether a connection of the scope is meant. Call on its shard. */
    boolean means(Connection connection) {
        return (excluded.isEmpty() || !excluded.contains(connection.id()))
                && (filter == null || filter.matches(connection));
    }
}
