package io.tidewire.service.upstream;

import java.util.List;

/**
 * Names that a setting takes.
 *
 * @param all whether it takes every name
 * @param names what it takes otherwise; none takes nothing
 */
public record NamesSettings(boolean all, List<String> names) {
    public static final NamesSettings ANY = new NamesSettings(true, List.of());
    public static final NamesSettings NONE = new NamesSettings(false, List.of());

    public NamesSettings {
        names = List.copyOf(names);
    }

    /** A list with {@code *} in it takes every name; empty items are nobody's name. */
    public static NamesSettings of(List<String> items) {
        List<String> names = items.stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        return names.contains("*") ? ANY : new NamesSettings(false, names);
    }

    public boolean match(String name) {
        return all || names.contains(name);
    }

    public boolean matchIgnoringCase(String name) {
        return all || names.stream().anyMatch(name::equalsIgnoreCase);
    }

    @Override
    public String toString() {
        return all ? "*" : String.join(",", names);
    }
}
