package io.tidewire.config;

import io.tidewire.config.type.Quote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong, one line each, so that all of it is reported at once. Keeps the first hundred lines. */
final class Problems {
    private static final int MAX_LINES = 100;

    private final List<String> lines = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();
    private int unsaid;
    private boolean unread;

    /** A value that cannot be taken; the predicate completes the sentence that the setting's name starts. */
    void add(Origin origin, Setting<?> setting, String predicate) {
        broken.add(setting.key());
        add(origin, "'" + setting.key() + "' " + predicate);
    }

    /** A source could not be read to its end, so what is missing may well be there. */
    void unread(String problem) {
        add(problem);
        unread = true;
    }

    boolean isUnread() {
        return unread;
    }

    void add(Origin origin, String problem) {
        add(origin.label() + ": " + problem);
    }

    void add(String problem) {
        if (lines.size() < MAX_LINES) {
            lines.add(Quote.oneLine(problem));
        } else {
            unsaid++;
        }
    }

    void unknown(Origin origin, String key) {
        String hint = lines.size() < MAX_LINES ? hint(Nearest.to(key)) : "";
        add(origin, "unknown setting " + Quote.of(key) + hint);
    }

    /** How to go on from an unknown name. */
    static String hint(@Nullable String nearest) {
        return nearest == null
                ? "; 'tidewire config reference' prints all settings"
                : "; did you mean '" + nearest + "'?";
    }

    /** Whether somebody wrote something for this setting that cannot be taken. */
    boolean isBroken(Setting<?> setting) {
        return broken.contains(setting.key());
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    List<String> lines() {
        if (unsaid == 0) {
            return List.copyOf(lines);
        }
        var all = new ArrayList<>(lines);
        all.add("... and " + unsaid + " more");
        return List.copyOf(all);
    }
}
