package io.tidewire.hub;

import java.util.Set;

/**
 * Whom a command is for. Ids and group names are case-sensitive; what does not exist is an empty audience, never an error.
 *
 * @param scope who is meant
 * @param excluded connection ids that are not meant after all
 */
public record Audience(Scope scope, Set<String> excluded) {

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
    }

    private static final Audience ALL = new Audience(new Scope.All(), Set.of());

    public Audience {
        excluded = Set.copyOf(excluded);
    }

    public static Audience all() {
        return ALL;
    }

    public static Audience group(String name) {
        return new Audience(new Scope.Group(name), Set.of());
    }

    public static Audience user(String id) {
        return new Audience(new Scope.User(id), Set.of());
    }

    public static Audience connection(String id) {
        return new Audience(new Scope.One(id), Set.of());
    }

    public Audience except(Set<String> connectionIds) {
        return connectionIds.isEmpty() ? this : new Audience(scope, connectionIds);
    }
}
