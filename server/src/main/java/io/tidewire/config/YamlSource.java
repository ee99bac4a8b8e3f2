package io.tidewire.config;

import io.tidewire.config.type.BadValue;
import io.tidewire.config.type.Quote;
import io.tidewire.config.type.Raw;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The settings file. Walks the parser's events, so each problem knows its line, and nothing is ever built up from aliases.
 * Only sections of the catalogue are entered; everything else is skipped.
 */
final class YamlSource {
    private static final int MAX_BYTES = 1024 * 1024;

    /** No setting is that deep. The parser's time grows with the square of the depth. */
    private static final int MAX_DEPTH = 32;

    private final Path file;
    private final Problems problems;
    private final Placeholders placeholders;
    private final List<Given> given = new ArrayList<>();
    private final Map<String, Integer> firstLines = new HashMap<>();
    private Iterator<Event> events = List.<Event>of().iterator();
    private int lastRefusedLine;
    private int depth;

    YamlSource(Path file, Map<String, String> environment, Problems problems) {
        this.file = file;
        this.problems = problems;
        this.placeholders = new Placeholders(environment);
    }

    /** What the file gives, in its order; as far as it can be read when something is wrong with it. */
    List<Given> read() {
        String text = text();
        if (text != null) {
            var settings = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setCodePointLimit(MAX_BYTES)
                    .build();
            try {
                events = new Parse(settings).parseString(text).iterator();
                documents();
            } catch (MarkedYamlEngineException e) {
                notYaml(at(e.getProblemMark()), e.getProblem() + hint(e.getProblemMark(), text));
            } catch (ReaderException e) {
                notYaml(at(lineOf(text, e.getPosition())), "a control character");
            } catch (YamlEngineException e) {
                problems.unread(file + ": not YAML: " + e.getMessage());
            }
        }
        return given;
    }

    private @Nullable String text() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.unread(file + ": is longer than 1 MiB");
                return null;
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            problems.unread(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            problems.unread(file + ": is not UTF-8");
        } catch (IOException e) {
            problems.unread(file + ": cannot be read");
        }
        return null;
    }

    private void documents() {
        boolean first = true;
        while (events.hasNext()) {
            if (next() instanceof DocumentStartEvent start) {
                if (!first) {
                    problems.add(at(start.getStartMark()), "a second document; settings are one document");
                    return;
                }
                first = false;
                root(next());
            }
        }
    }

    private void root(Event root) {
        if (root instanceof MappingStartEvent) {
            section("");
        } else if (!isNothing(root) && !(root instanceof DocumentEndEvent)) {
            problems.add(at(root.getStartMark()), "settings are lines of the form 'key: value'");
            skip(root);
        }
    }

    private void section(String prefix) {
        for (Event key = next(); !(key instanceof MappingEndEvent); key = next()) {
            Origin.Line at = at(key.getStartMark());
            if (key instanceof ScalarEvent name) {
                entry(prefix + name.getValue(), at, next());
            } else {
                problems.add(at, "the name of a setting must be plain text");
                skip(key);
                skip(next());
            }
        }
    }

    private void entry(String key, Origin.Line at, Event value) {
        Setting<?> setting = Catalogue.find(key);
        boolean section = Catalogue.isSection(key);
        if (setting == null && !section) {
            problems.unknown(at, key);
            skip(value);
            return;
        }
        Integer firstLine = firstLines.putIfAbsent(key, at.line());
        if (firstLine != null) {
            problems.add(at, "'" + key + "' is given twice, first in line " + firstLine);
            skip(value);
        } else if (setting != null) {
            setting(setting, at, value);
        } else if (value instanceof MappingStartEvent) {
            section(key + ".");
        } else if (!isNothing(value)) {
            problems.add(at, "'" + key + "' is a section; its settings belong below it, further to the right");
            skip(value);
        }
    }

    private void setting(Setting<?> setting, Origin.Line at, Event value) {
        try {
            switch (value) {
                case ScalarEvent _
                when isNothing(value) -> problems.add(at, setting, "has no value; leave the line out for the default");
                case ScalarEvent one ->
                    given.add(new Given(setting, new Raw.One(placeholders.fill(one.getValue())), at));
                case SequenceStartEvent _ -> list(setting, at);
                case MappingStartEvent _ -> {
                    problems.add(at, setting, "takes a value (" + setting.type().name() + "), not settings below it");
                    skip(value);
                }
                default -> skip(value);
            }
        } catch (BadValue bad) {
            problems.add(at, setting, bad.predicate());
        }
    }

    private void list(Setting<?> setting, Origin.Line at) {
        var items = new ArrayList<String>();
        boolean flat = true;
        for (Event item = next(); !(item instanceof SequenceEndEvent); item = next()) {
            if (item instanceof ScalarEvent one) {
                items.add(one.getValue());
            } else {
                flat = false;
                skip(item);
            }
        }
        if (flat) {
            given.add(new Given(
                    setting, new Raw.Many(items.stream().map(placeholders::fill).toList()), at));
        } else {
            problems.add(at, setting, "must be a plain list");
        }
    }

    /** Passes the rest of this node. */
    private void skip(Event start) {
        int outside = depth - 1;
        if (start instanceof CollectionStartEvent) {
            while (depth > outside) {
                next();
            }
        }
    }

    /** What was read in the same line may be half of what was meant, so it is forgotten. */
    private void notYaml(Origin.Line at, String why) {
        given.removeIf(one -> one.origin().equals(at));
        problems.unread(at.label() + ": not YAML: " + why);
    }

    /** The next event; refuses, once per line, what settings have no use for. */
    private Event next() {
        Event event = events.next();
        depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
        if (depth > MAX_DEPTH) {
            throw new ParserException("nested deeper than " + MAX_DEPTH + " levels", event.getStartMark());
        }
        String refused = switch (event) {
            case AliasEvent _ -> "aliases (*name)";
            case NodeEvent node when node.getAnchor().isPresent() -> "anchors (&name)";
            case ScalarEvent scalar when scalar.getTag().isPresent() -> "tags (!name)";
            case CollectionStartEvent collection when collection.getTag().isPresent() -> "tags (!name)";
            default -> null;
        };
        Origin.Line at = at(event.getStartMark());
        if (refused != null && at.line() != lastRefusedLine) {
            lastRefusedLine = at.line();
            problems.add(at, "YAML " + refused + " are not read; write the value out");
        }
        return event;
    }

    /** An empty value, or a null by YAML's words for it. */
    private static boolean isNothing(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.isPlain()
                && switch (scalar.getValue()) {
                    case "", "~", "null", "Null", "NULL" -> true;
                    default -> false;
                };
    }

    /** Braces end a plain scalar inside braces, a trap that YAML's own message does not explain. */
    private static String hint(Optional<Mark> mark, String text) {
        String line = mark.map(m -> text.lines().skip(m.getLine()).findFirst().orElse(""))
                .orElse("");
        return line.contains("${") ? "; put " + Quote.of("${...}") + " into quotes" : "";
    }

    private static int lineOf(String text, int position) {
        return (int) text.codePoints().limit(position).filter(c -> c == '\n').count();
    }

    private Origin.Line at(Optional<Mark> mark) {
        return at(mark.map(Mark::getLine).orElse(0));
    }

    /** Parsers count lines from 0, people from 1. */
    private Origin.Line at(int line) {
        return new Origin.Line(file.toString(), line + 1);
    }
}
