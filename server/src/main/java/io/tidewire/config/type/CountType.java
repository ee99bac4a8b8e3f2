package io.tidewire.config.type;

import java.util.regex.Pattern;

/**
 * A whole number.
 *
 * @param min the least that is taken
 * @param max the most that is taken
 */
public record CountType(int min, int max) implements Type<Integer> {
    private static final Pattern WRITTEN = Pattern.compile("-?[0-9]{1,10}");

    @Override
    public String name() {
        return "number";
    }

    @Override
    public Integer parse(String text) {
        String digits = text.strip();
        if (!WRITTEN.matcher(digits).matches()) {
            throw BadValue.mustBe("a whole number", text);
        }
        long value = Long.parseLong(digits);
        if (value < min || value > max) {
            throw BadValue.mustBe("between " + min + " and " + max, text);
        }
        return (int) value;
    }

    @Override
    public String print(Integer value) {
        return value.toString();
    }
}
