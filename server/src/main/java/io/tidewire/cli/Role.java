package io.tidewire.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a client of Web PubSub may do, as its token says it (reference E). */
final class Role {
    private static final String PREFIX = "webpubsub.";

    private static final Set<String> WITH_NAME = Set.of("joinLeaveGroup", "sendToGroup");
    private static final Set<String> WITH_PATTERN = Set.of("joinLeaveGroups", "sendToGroups");
    private static final int MAX_LENGTH = 1024;
    private static final int MAX_STARS = 5;

    /** A backslash takes the next character as it is, of those that would mean something. */
    private static final Pattern ESCAPES = Pattern.compile("(?:[^\\\\]|\\\\[\\\\*?])+");

    /** Claims of a client that may join and send everywhere. */
    static final Map<String, List<String>> ALL = Map.of("role", List.of(of("joinLeaveGroup"), of("sendToGroup")));

    private Role() {}

    /**
     * The role with its prefix, which need not be typed.
     *
     * @throws IllegalArgumentException saying what is wrong: the service takes an unknown role for none, without a word
     */
    static String of(String text) {
        var role = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        int dot = role.indexOf('.');
        var what = dot < 0 ? role : role.substring(0, dot);
        var which = dot < 0 ? "" : role.substring(dot + 1);
        boolean known = WITH_NAME.contains(what) || (dot >= 0 && WITH_PATTERN.contains(what));
        if (!known || (dot >= 0 && which.isBlank())) {
            throw new IllegalArgumentException(
                    "a role is joinLeaveGroup or sendToGroup, each alone or with .NAME behind it,"
                            + " or joinLeaveGroups.PATTERN or sendToGroups.PATTERN, not '" + Printable.line(text)
                            + "'");
        }
        if (which.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the group of a role has at most " + MAX_LENGTH + " characters");
        }
        if (WITH_PATTERN.contains(what)) {
            checkPattern(which);
        }
        return PREFIX + role;
    }

    private static void checkPattern(String pattern) {
        if (!ESCAPES.matcher(pattern).matches()) {
            throw new IllegalArgumentException("in a pattern of groups a backslash stands before \\, * or ?");
        }
        long stars =
                pattern.replaceAll("\\\\.", "").chars().filter(c -> c == '*').count();
        if (stars > MAX_STARS) {
            throw new IllegalArgumentException("a pattern of groups has at most " + MAX_STARS + " asterisks");
        }
    }
}
