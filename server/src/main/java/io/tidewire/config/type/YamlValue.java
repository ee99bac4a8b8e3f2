package io.tidewire.config.type;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads one value out of YAML as it is written, before its type is known. */
public final class YamlValue {
    private final YamlEvents events;
    private final UnaryOperator<String> fill;
    private final List<BadValue.Fault> faults = new ArrayList<>();

    private YamlValue(YamlEvents events, UnaryOperator<String> fill) {
        this.events = events;
        this.fill = fill;
    }

    /**
     * Reads the value that starts with this event, the last one read, to its end.
     *
     * @param fill replaces placeholders in each text; throws {@link BadValue}
     * @return null for no value
     * @throws BadValue with all that {@code fill} had to say, or where the shape is none that settings have
     */
    public static @Nullable Raw read(YamlEvents events, Event start, UnaryOperator<String> fill) {
        var reader = new YamlValue(events, fill);
        Raw raw = reader.value(start);
        if (!reader.faults.isEmpty()) {
            throw new BadValue(reader.faults);
        }
        return raw;
    }

    /**
     * Reads one value from a text of its own, such as a variable of the environment: {@code [{a: 1}, {a: 2}]}; JSON is fine.
     *
     * @return null for no value
     * @throws BadValue when it is not YAML, or has more than one value
     */
    public static @Nullable Raw read(String text) {
        try {
            var events = new YamlEvents(text, "value", (_, why) -> {
                throw new BadValue(why);
            });
            Event start = events.next();
            while (start instanceof StreamStartEvent || start instanceof DocumentStartEvent) {
                start = events.next();
            }
            Raw raw = read(events, start, UnaryOperator.identity());
            while (events.hasNext()) {
                if (events.next() instanceof DocumentStartEvent) {
                    throw new BadValue("must be one value, but is several");
                }
            }
            return raw;
        } catch (MarkedYamlEngineException e) {
            throw new BadValue("is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new BadValue("is not YAML");
        }
    }

    private @Nullable Raw value(Event start) {
        return switch (start) {
            case ScalarEvent scalar -> YamlEvents.isNothing(scalar) ? null : text(scalar);
            case SequenceStartEvent _ -> list();
            case MappingStartEvent _ -> fields();
            case AliasEvent _ -> null; // reported where it was read
            default -> null;
        };
    }

    private Raw.One text(ScalarEvent scalar) {
        try {
            return new Raw.One(fill.apply(scalar.getValue()));
        } catch (BadValue bad) {
            faults.add(new BadValue.Fault(YamlEvents.line(scalar), bad.predicate()));
            return new Raw.One("");
        }
    }

    /** A list of texts where nothing else is in it. */
    private Raw list() {
        var items = new ArrayList<Raw.Item>();
        var texts = new ArrayList<String>();
        for (Event item = events.next(); !(item instanceof SequenceEndEvent); item = events.next()) {
            Raw value = item instanceof ScalarEvent scalar ? text(scalar) : value(item);
            if (value instanceof Raw.One one) {
                texts.add(one.text());
            }
            if (value != null) {
                items.add(new Raw.Item(YamlEvents.line(item), value));
            }
        }
        return texts.size() == items.size() ? new Raw.Many(texts) : new Raw.Items(items);
    }

    private Raw fields() {
        var fields = new ArrayList<Raw.Field>();
        for (Event name = events.next(); !(name instanceof MappingEndEvent); name = events.next()) {
            int line = YamlEvents.line(name);
            if (name instanceof ScalarEvent text) {
                fields.add(new Raw.Field(text.getValue(), line, value(events.next())));
            } else {
                faults.add(new BadValue.Fault(line, "holds a name that is not plain text"));
                events.skip(name);
                events.skip(events.next());
            }
        }
        return new Raw.Fields(fields);
    }
}
