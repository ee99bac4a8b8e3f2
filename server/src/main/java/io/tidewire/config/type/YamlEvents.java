package io.tidewire.config.type;

import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.ParserException;

/** The parser's events of one YAML text. Says, once for each line, what settings have no use for. */
public final class YamlEvents {
    /** No setting is that deep. The parser's time grows with the square of the depth. */
    private static final int MAX_DEPTH = 32;

    /** Hears what is refused. */
    @FunctionalInterface
    public interface Refusals {
        /**
         * Called once for each line.
         *
         * @param line counted from 1
         */
        void refused(int line, String why);
    }

    private final Iterator<Event> events;
    private final Refusals refusals;
    private int lastRefusedLine;
    private int depth;

    /**
     * Reads nothing yet.
     *
     * @param label what the parser calls the text in its own errors
     */
    public YamlEvents(String text, String label, Refusals refusals) {
        var settings = LoadSettings.builder()
                .setLabel(label)
                .setCodePointLimit(text.length() + 1)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
        this.refusals = refusals;
    }

    public boolean hasNext() {
        return events.hasNext();
    }

    /**
     * Reads on.
     *
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException where the text is not YAML
     */
    public Event next() {
        Event event = events.next();
        depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
        if (depth > MAX_DEPTH) {
            throw new ParserException("nested deeper than " + MAX_DEPTH + " levels", event.getStartMark());
        }
        String refused = refused(event);
        int line = line(event);
        if (refused != null && line != lastRefusedLine) {
            lastRefusedLine = line;
            refusals.refused(line, "YAML " + refused + " are not read; write the value out");
        }
        return event;
    }

    private static @Nullable String refused(Event event) {
        return switch (event) {
            case AliasEvent _ -> "aliases (*name)";
            case NodeEvent node when node.getAnchor().isPresent() -> "anchors (&name)";
            case ScalarEvent scalar when scalar.getTag().isPresent() -> "tags (!name)";
            case CollectionStartEvent collection when collection.getTag().isPresent() -> "tags (!name)";
            default -> null;
        };
    }

    /** Passes the rest of the node that starts with this event, the last one read. */
    public void skip(Event start) {
        int outside = depth - 1;
        if (start instanceof CollectionStartEvent) {
            while (depth > outside) {
                next();
            }
        }
    }

    /** Where it starts, counted from 1. */
    public static int line(Event event) {
        return line(event.getStartMark());
    }

    /** Parsers count lines from 0, people from 1. */
    public static int line(Optional<Mark> mark) {
        return mark.map(Mark::getLine).orElse(0) + 1;
    }

    /** An empty value, or a null by YAML's words for it. */
    public static boolean isNothing(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.isPlain()
                && switch (scalar.getValue()) {
                    case "", "~", "null", "Null", "NULL" -> true;
                    default -> false;
                };
    }
}
