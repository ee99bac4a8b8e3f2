package io.tidewire.config.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of events as members of event handlers and listeners. */
final class EventNames {
    /** Web PubSub reference A.2; letter case does not count. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,127}");

    private EventNames() {}

    /**
     * Names of user events; {@code *} stands for all, absent for none.
     *
     * @throws BadValue when one cannot be the name of an event
     */
    static List<String> user(Members members) {
        var events = new ArrayList<String>();
        for (String name : names(members, "userEvents")) {
            if (!name.equals("*")
                    && !NAME.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
                throw members.fault(
                        "userEvents",
                        "'userEvents' must hold '*' or names of a letter, then letters, digits, '_', '.' and '-', but holds "
                                + Quote.of(name));
            }
            events.add(name);
        }
        return List.copyOf(events);
    }

    /**
     * Some of those that there are; absent for none.
     *
     * @throws BadValue with the nearest one, when one is not among them
     */
    static List<String> of(Members members, String member, List<String> all) {
        var events = new ArrayList<String>();
        for (String name : names(members, member)) {
            String event = name.toLowerCase(Locale.ROOT);
            if (!all.contains(event)) {
                String nearest = Nearest.among(event, all);
                throw members.fault(
                        member,
                        "'" + member + "' must hold some of " + String.join(", ", all) + ", but holds " + Quote.of(name)
                                + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
            }
            events.add(event);
        }
        return List.copyOf(events);
    }

    private static List<String> names(Members members, String member) {
        List<String> names = members.names(member);
        return names == null
                ? List.of()
                : names.stream()
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
    }
}
