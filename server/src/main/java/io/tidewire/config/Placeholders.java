package io.tidewire.config;

import io.tidewire.config.type.BadValue;
import io.tidewire.config.type.Quote;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills in {@code ${NAME}} from the environment, so that secrets need not stand in the file. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$?\\$\\{([^}]*)(}?)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Map<String, String> environment;

    Placeholders(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The text with each placeholder replaced; what comes in is not looked at again. A second dollar sign in front keeps
     * a placeholder as plain text.
     *
     * @throws BadValue when a variable is not set, or the placeholder is none
     */
    String fill(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found)));
    }

    private String value(MatchResult found) {
        if (found.group().startsWith("$$")) {
            return found.group().substring(1);
        }
        String name = found.group(1);
        if (found.group(2).isEmpty() || !NAME.matcher(name).matches()) {
            throw new BadValue("holds " + Quote.of(found.group()) + ", which is not of the form ${NAME}");
        }
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new BadValue("names ${" + name + "}, which is not set in the environment");
        }
        return value;
    }
}
