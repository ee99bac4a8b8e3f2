package io.tidewire.config.type;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One object as it was written, whose members are known by name. */
public final class Members {
    private final List<Raw.Field> fields;

    /**
     * Checks the names.
     *
     * @throws BadValue with each name that is unknown or given twice
     */
    Members(List<Raw.Field> fields, List<String> names) {
        this.fields = fields;
        var faults = new ArrayList<BadValue.Fault>();
        var seen = new HashSet<String>();
        for (Raw.Field field : fields) {
            if (!names.contains(field.name())) {
                String nearest = Nearest.among(field.name(), names);
                String hint = nearest == null
                        ? "; there are " + String.join(", ", names)
                        : "; did you mean '" + nearest + "'?";
                faults.add(new BadValue.Fault(field.line(), "has an unknown " + Quote.of(field.name()) + hint));
            } else if (!seen.add(field.name())) {
                faults.add(new BadValue.Fault(field.line(), "has '" + field.name() + "' twice"));
            }
        }
        if (!faults.isEmpty()) {
            throw new BadValue(faults);
        }
    }

    /**
     * The text of a member that must be there.
     *
     * @throws BadValue when it is not, or is no text
     */
    public String need(String name) {
        Raw.Field field = find(name);
        if (field == null || field.value() == null) {
            throw new BadValue("has no '" + name + "'");
        }
        if (field.value() instanceof Raw.One one && !one.text().isBlank()) {
            return one.text().strip();
        }
        throw fault(field, "must be one text");
    }

    /**
     * Names, as a list or as one text with commas.
     *
     * @return empty where nothing or an empty text is written; null where the member is absent
     * @throws BadValue when it is something else
     */
    public @Nullable List<String> names(String name) {
        Raw.Field field = find(name);
        if (field == null) {
            return null;
        }
        return switch (field.value()) {
            case null -> List.of();
            case Raw.One one -> List.of(one.text().split(",", -1));
            case Raw.Many many -> many.items();
            case Raw.Items _, Raw.Fields _ -> throw fault(field, "must be a text with commas, or a plain list");
        };
    }

    /**
     * A member of its own type.
     *
     * @param absent where the member is not there, or nothing is written for it
     * @throws BadValue when it is no such value
     */
    public <T> T get(String name, Type<T> type, T absent) {
        Raw.Field field = find(name);
        if (field == null || field.value() == null) {
            return absent;
        }
        try {
            return type.parse(field.value());
        } catch (BadValue bad) {
            throw bad.within(field.line(), "'" + name + "'");
        }
    }

    /** What is wrong with a member, in its line. */
    public BadValue fault(String name, String predicate) {
        Raw.Field field = find(name);
        return new BadValue(List.of(new BadValue.Fault(field == null ? 0 : field.line(), predicate)));
    }

    private static BadValue fault(Raw.Field field, String predicate) {
        return new BadValue(List.of(new BadValue.Fault(field.line(), "'" + field.name() + "' " + predicate)));
    }

    private Raw.@Nullable Field find(String name) {
        for (Raw.Field field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        return null;
    }
}
