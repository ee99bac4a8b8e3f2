package io.tidewire.config.type;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time span: digits and one of {@code ms s m h}.
 *
 * @param min the shortest that is taken
 * @param max the longest that is taken
 */
public record DurationType(Duration min, Duration max) implements Type<Duration> {
    /** Nine digits: even as hours they fit into a Duration. */
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,9}) ?(ms|s|m|h)");

    @Override
    public String name() {
        return "duration";
    }

    @Override
    public Duration parse(String text) {
        Matcher written = WRITTEN.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!written.matches()) {
            throw BadValue.mustBe("a duration such as 500ms, 15s, 2m or 1h", text);
        }
        long amount = Long.parseLong(written.group(1));
        Duration value = switch (written.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw BadValue.mustBe("between " + print(min) + " and " + print(max), text);
        }
        return value;
    }

    /** In the largest unit that needs no fraction. */
    @Override
    public String print(Duration value) {
        long millis = value.toMillis();
        if (millis == 0 || millis % 1000 != 0) {
            return millis == 0 ? "0s" : millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 != 0 ? seconds / 60 + "m" : seconds / 3600 + "h";
    }
}
