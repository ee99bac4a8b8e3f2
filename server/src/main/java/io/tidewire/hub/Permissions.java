package io.tidewire.hub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one connection may do to which groups (Web PubSub reference E). A grant without a group is for every one; what is revoked
 * for one group stays revoked there until it is granted there, or to all. Confined to the connection's shard once it is open.
 */
public final class Permissions {
    /** Groups that one connection may be granted by name, and be refused by name, for each permission. */
    public static final int MAX_GROUPS = 1000;

    /** Patterns that one connection may have for each permission. */
    public static final int MAX_PATTERNS = 10;

    private static final class Rules {
        final boolean all;
        Set<String> granted = Set.of();
        List<GroupPattern> patterns = List.of();
        Set<String> revoked = Set.of();

        Rules(boolean all) {
            this.all = all;
        }

        boolean allow(String group) {
            return !revoked.contains(group) && (all || granted.contains(group) || matchesPattern(group));
        }

        private boolean matchesPattern(String group) {
            for (int i = 0; i < patterns.size(); i++) {
                if (patterns.get(i).matches(group)) {
                    return true;
                }
            }
            return false;
        }
    }

    // Those of most connections, shared by them; never changed.
    private static final Rules NOTHING = new Rules(false);
    private static final Rules EVERYTHING = new Rules(true);

    private Rules join = NOTHING;
    private Rules send = NOTHING;

    /** Whether it may do so to this group. */
    public boolean allows(Permission permission, String group) {
        return rules(permission).allow(group);
    }

    /** Whether it may do so to every group. */
    public boolean allowsAll(Permission permission) {
        Rules rules = rules(permission);
        return rules.all && rules.revoked.isEmpty();
    }

    /**
     * Allows it for one group, or for all.
     *
     * @param group null for all
     * @return false, with nothing changed, when {@link #MAX_GROUPS} are named already
     */
    public boolean grant(Permission permission, @Nullable String group) {
        if (group == null) {
            rules(permission, EVERYTHING);
            return true;
        }
        Rules rules = rules(permission);
        if (!rules.revoked.isEmpty()) {
            rules.revoked.remove(group);
        }
        if (rules.allow(group)) {
            return true; // a name of its own would make no difference: all and patterns go only with everything
        }
        if (rules.granted.size() >= MAX_GROUPS) {
            return false;
        }
        Rules own = ownRules(permission);
        own.granted = with(own.granted, group);
        return true;
    }

    /**
     * Allows it for the groups of a pattern.
     *
     * @return false, with nothing changed, when there are {@link #MAX_PATTERNS} already
     */
    public boolean grant(Permission permission, GroupPattern pattern) {
        if (rules(permission).all) {
            return true;
        }
        Rules rules = ownRules(permission);
        if (rules.patterns.size() >= MAX_PATTERNS) {
            return false;
        }
        if (rules.patterns.isEmpty()) {
            rules.patterns = new ArrayList<>(2);
        }
        rules.patterns.add(pattern);
        return true;
    }

    /**
     * Takes it away for one group, or altogether.
     *
     * @param group null for all that was ever granted
     * @return false, with nothing changed for the connection, when {@link #MAX_GROUPS} are refused by name already
     */
    public boolean revoke(Permission permission, @Nullable String group) {
        if (group == null) {
            rules(permission, NOTHING);
            return true;
        }
        Rules rules = rules(permission);
        if (!rules.granted.isEmpty()) {
            rules.granted.remove(group);
        }
        if (!rules.allow(group)) {
            return true;
        }
        if (rules.revoked.size() >= MAX_GROUPS) {
            return false;
        }
        Rules own = ownRules(permission);
        own.revoked = with(own.revoked, group);
        return true;
    }

    private Rules rules(Permission permission) {
        return switch (permission) {
            case JOIN_LEAVE_GROUP -> join;
            case SEND_TO_GROUP -> send;
        };
    }

    private Rules ownRules(Permission permission) {
        Rules rules = rules(permission);
        if (rules != NOTHING && rules != EVERYTHING) {
            return rules;
        }
        var own = new Rules(rules.all);
        rules(permission, own);
        return own;
    }

    private void rules(Permission permission, Rules rules) {
        switch (permission) {
            case JOIN_LEAVE_GROUP -> join = rules;
            case SEND_TO_GROUP -> send = rules;
        }
    }

    private static Set<String> with(Set<String> names, String name) {
        Set<String> more = names.isEmpty() ? new HashSet<>(4) : names;
        more.add(name);
        return more;
    }
}
