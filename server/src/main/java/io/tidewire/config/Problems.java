package io.tidewire.config;

import io.tidewire.config.type.BadValue;
import io.tidewire.config.type.Quote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong, one line each, so that all of it is reported at once: the file from top to bottom, then the rest
 * as it came. Keeps the first hundred.
 */
final class Problems {
    private static final int MAX_LINES = 100;

    /** How the settings.json of the vendor's emulator begins, which people try first. */
    private static final String EMULATORS = "UpstreamSettings";

    private static final String FROM_EMULATOR =
            "; in a settings.json of the vendor's emulator each template is what an item of"
                    + " 'signalr.upstream' is here: url, hubs, categories, events";

    /** Sorts problems of no line in the file behind those of one. */
    private static final int NO_LINE = Integer.MAX_VALUE;

    private record Problem(int line, String text) {}

    private final List<Problem> all = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();
    private int unsaid;
    private boolean unread;

    /** A value that cannot be taken; the predicate completes the sentence that the setting's name starts. */
    void add(Origin origin, Setting<?> setting, String predicate) {
        broken.add(setting.key());
        add(origin, "'" + setting.key() + "' " + predicate);
    }

    /** All that is wrong with a value, each in its line. */
    void add(Origin origin, Setting<?> setting, BadValue bad) {
        for (BadValue.Fault fault : bad.faults()) {
            boolean elsewhere = fault.line() > 0;
            Origin at = elsewhere && origin instanceof Origin.Line line
                    ? new Origin.Line(line.file(), fault.line())
                    : origin;
            add(at, setting, fault.predicate());
        }
    }

    void add(Origin origin, String problem) {
        add(origin instanceof Origin.Line at ? at.line() : NO_LINE, origin.label() + ": " + problem);
    }

    void add(String problem) {
        add(NO_LINE, problem);
    }

    void unknown(Origin origin, String key) {
        String hint = all.size() < MAX_LINES ? hint(Catalogue.nearest(key)) : "";
        add(origin, "unknown setting " + Quote.of(key) + (key.equals(EMULATORS) ? FROM_EMULATOR : hint));
    }

    /** How to go on from an unknown name. */
    static String hint(@Nullable String nearest) {
        return nearest == null
                ? "; 'tidewire config reference' prints all settings"
                : "; did you mean '" + nearest + "'?";
    }

    /** The file could not be read to its end, so what is missing may well be there. */
    void unread(Origin.Line at, String problem) {
        unread = true;
        add(at, problem);
    }

    /** The file could not be read at all. */
    void unread(String problem) {
        unread = true;
        add(problem);
    }

    boolean isUnread() {
        return unread;
    }

    /** Whether somebody wrote something for this setting that cannot be taken. */
    boolean isBroken(Setting<?> setting) {
        return broken.contains(setting.key());
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        all.stream().sorted(Comparator.comparingInt(Problem::line)).forEach(problem -> lines.add(problem.text()));
        if (unsaid > 0) {
            lines.add("... and " + unsaid + " more");
        }
        return lines;
    }

    private void add(int line, String text) {
        if (all.size() < MAX_LINES) {
            all.add(new Problem(line, Quote.oneLine(text)));
        } else {
            unsaid++;
        }
    }
}
