package io.tidewire.webpubsub.access;

import io.tidewire.hub.GroupPattern;
import io.tidewire.hub.Permission;
import io.tidewire.hub.Permissions;
import io.tidewire.webpubsub.protocol.GroupName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The roles of tokens and of {@code connect} handlers, as permissions (reference E). */
public final class Roles {
    private record Action(String all, String one, String pattern, Permission permission) {
        Action(String name, Permission permission) {
            this("webpubsub." + name, "webpubsub." + name + ".", "webpubsub." + name + "s.", permission);
        }
    }

    private static final List<Action> ACTIONS = List.of(
            new Action("joinLeaveGroup", Permission.JOIN_LEAVE_GROUP),
            new Action("sendToGroup", Permission.SEND_TO_GROUP));

    private Roles() {}

    /**
     * Grants what the roles say. Texts that are no roles of ours are for others, and ignored.
     *
     * @return what is wrong with a role, which then grants nothing; null when all are fine
     */
    public static @Nullable String grant(List<String> roles, Permissions permissions) {
        for (String role : roles) {
            for (Action action : ACTIONS) {
                String problem = grant(role, action, permissions);
                if (problem != null) {
                    return problem;
                }
            }
        }
        return null;
    }

    private static @Nullable String grant(String role, Action action, Permissions permissions) {
        if (role.equals(action.all)) {
            permissions.grant(action.permission, (String) null);
        } else if (role.startsWith(action.one)) {
            String group = role.substring(action.one.length());
            if (!GroupName.isValid(group)) {
                return "A role " + action.one + "{group} names a group of 1 to " + GroupName.MAX_LENGTH
                        + " characters that is not only white space";
            }
            if (!permissions.grant(action.permission, group)) {
                return "More than " + Permissions.MAX_GROUPS + " roles " + action.one + "{group}";
            }
        } else if (role.startsWith(action.pattern)) {
            try {
                if (!permissions.grant(action.permission, GroupPattern.of(role.substring(action.pattern.length())))) {
                    return "More than " + Permissions.MAX_PATTERNS + " roles " + action.pattern + "{pattern}";
                }
            } catch (IllegalArgumentException broken) {
                return "A role " + action.pattern + "{pattern}: " + broken.getMessage();
            }
        }
        return null;
    }
}
