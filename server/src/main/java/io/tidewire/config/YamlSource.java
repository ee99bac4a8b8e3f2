package io.tidewire.config;

import io.tidewire.config.type.BadValue;
import io.tidewire.config.type.Quote;
import io.tidewire.config.type.Raw;
import io.tidewire.config.type.YamlEvents;
import io.tidewire.config.type.YamlValue;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The settings file. Walks the parser's events, so each problem knows its line, and nothing is ever built up from aliases.
 * Only sections of the catalogue are entered; everything else is skipped.
 */
final class YamlSource {
    private static final int MAX_BYTES = 1024 * 1024;

    private final Path file;
    private final Problems problems;
    private final Placeholders placeholders;
    private final List<Given> given = new ArrayList<>();
    private final Map<String, Integer> firstLines = new HashMap<>();

    YamlSource(Path file, Map<String, String> environment, Problems problems) {
        this.file = file;
        this.problems = problems;
        this.placeholders = new Placeholders(environment);
    }

    /** What the file gives, in its order; as far as it can be read when something is wrong with it. */
    List<Given> read() {
        String text = text();
        if (text != null) {
            try {
                documents(new YamlEvents(text, file.toString(), (line, why) -> problems.add(at(line), why)));
            } catch (MarkedYamlEngineException e) {
                notYaml(at(e.getProblemMark()), e.getProblem() + hint(e.getProblemMark(), text));
            } catch (ReaderException e) {
                notYaml(at(lineOf(text, e.getPosition()) + 1), "a control character");
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

    private void documents(YamlEvents events) {
        boolean first = true;
        while (events.hasNext()) {
            if (events.next() instanceof DocumentStartEvent start) {
                if (!first) {
                    problems.add(at(start.getStartMark()), "a second document; settings are one document");
                    return;
                }
                first = false;
                root(events, events.next());
            }
        }
    }

    private void root(YamlEvents events, Event root) {
        if (root instanceof MappingStartEvent) {
            section(events, "");
        } else if (!YamlEvents.isNothing(root) && !(root instanceof DocumentEndEvent)) {
            problems.add(at(root.getStartMark()), "settings are lines of the form 'key: value'");
            events.skip(root);
        }
    }

    private void section(YamlEvents events, String prefix) {
        for (Event key = events.next(); !(key instanceof MappingEndEvent); key = events.next()) {
            Origin.Line at = at(key.getStartMark());
            if (key instanceof ScalarEvent name) {
                entry(events, prefix + name.getValue(), at, events.next());
            } else {
                problems.add(at, "the name of a setting must be plain text");
                events.skip(key);
                events.skip(events.next());
            }
        }
    }

    private void entry(YamlEvents events, String key, Origin.Line at, Event value) {
        Setting<?> setting = Catalogue.find(key);
        boolean section = Catalogue.isSection(key);
        if (setting == null && !section) {
            problems.unknown(at, key);
            events.skip(value);
            return;
        }
        Integer firstLine = firstLines.putIfAbsent(key, at.line());
        if (firstLine != null) {
            problems.add(at, "'" + key + "' is given twice, first in line " + firstLine);
            events.skip(value);
        } else if (setting != null) {
            setting(events, setting, at, value);
        } else if (value instanceof MappingStartEvent) {
            section(events, key + ".");
        } else if (!YamlEvents.isNothing(value)) {
            problems.add(at, "'" + key + "' is a section; its settings belong below it, further to the right");
            events.skip(value);
        }
    }

    private void setting(YamlEvents events, Setting<?> setting, Origin.Line at, Event value) {
        if (value instanceof MappingStartEvent && !setting.type().hasFields()) {
            problems.add(at, setting, "takes a value (" + setting.type().name() + "), not settings below it");
            events.skip(value);
            return;
        }
        try {
            Raw raw = YamlValue.read(events, value, placeholders::fill);
            if (raw != null) {
                given.add(new Given(setting, raw, at));
            } else if (YamlEvents.isNothing(value)) {
                problems.add(at, setting, "has no value; leave the line out for the default");
            }
        } catch (BadValue bad) {
            problems.add(at, setting, bad);
        }
    }

    /** What was read in the same line may be half of what was meant, so it is forgotten. */
    private void notYaml(Origin.Line at, String why) {
        given.removeIf(one -> one.origin().equals(at));
        problems.unread(at, "not YAML: " + why);
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
        return at(YamlEvents.line(mark));
    }

    private Origin.Line at(int line) {
        return new Origin.Line(file.toString(), line);
    }
}
