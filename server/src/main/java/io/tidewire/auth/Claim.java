package io.tidewire.auth;

import java.util.List;

/**
 * One claim of a token. A claim type that occurs several times travels as a JSON array, and one that occurs once may, too;
 * both are a list here. Numbers and booleans are their JSON text, objects their JSON verbatim; null is no value.
 *
 * @param name case-sensitive
 * @param values in token order
 */
public record Claim(String name, List<String> values) {
    public Claim {
        values = List.copyOf(values);
    }

    public static Claim of(String name, String... values) {
        return new Claim(name, List.of(values));
    }

    /** Values are personal data or secrets of the application, so only the name is printed. */
    @Override
    public String toString() {
        return name + "(" + values.size() + ")";
    }
}
