package io.tidewire.bench.line;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/** One line of {@code key=value} words, in their order. The value of {@code text}, always the last, may have spaces. */
public record Line(Map<String, String> words) {
    private static final String TEXT = "text=";

    public Line {
        words = Collections.unmodifiableMap(new LinkedHashMap<>(words));
    }

    public static Line of(String... keysAndValues) {
        Map<String, String> words = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            words.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new Line(words);
    }

    /** Passes over what is no word of ours, such as a line that was cut off when a run was ended. */
    public static Line parse(String line) {
        Map<String, String> words = new LinkedHashMap<>();
        String rest = line.strip();
        while (!rest.isEmpty()) {
            int end = rest.startsWith(TEXT) ? rest.length() : rest.indexOf(' ');
            String word = end < 0 ? rest : rest.substring(0, end);
            int equals = word.indexOf('=');
            if (equals > 0) {
                words.put(word.substring(0, equals), word.substring(equals + 1));
            }
            rest = rest.substring(word.length()).strip();
        }
        return new Line(words);
    }

    /** These words, then those of the other. */
    public Line and(Line more) {
        Map<String, String> all = new LinkedHashMap<>(words);
        all.putAll(more.words);
        return new Line(all);
    }

    public Line and(String key, Object value) {
        return and(Line.of(key, value.toString()));
    }

    public boolean has(String key) {
        return words.containsKey(key);
    }

    /** Empty when there is no such word. */
    public String word(String key) {
        return words.getOrDefault(key, "");
    }

    /** Of a word that must be there. */
    public double number(String key) {
        return find(key).orElseThrow(() -> new IllegalArgumentException("No number " + key + " in: " + this));
    }

    public OptionalDouble find(String key) {
        try {
            return has(key) ? OptionalDouble.of(Double.parseDouble(word(key))) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    @Override
    public String toString() {
        StringJoiner line = new StringJoiner(" ");
        words.forEach((key, value) -> line.add(key + "=" + value));
        return line.toString();
    }
}
