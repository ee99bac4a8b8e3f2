package io.tidewire.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query of one request, parsed when it is first asked for: pairs parted by {@code &}, {@code +} is a space, percent-decoded once.
 * A name without {@code =} has an empty value. Not for use by two threads at once.
 */
final class QueryString implements Query {
    /** Far above what any operation takes; keeps one request from costing more than its bytes. */
    static final int MAX_PARAMETERS = 1000;

    private final String raw;
    private @Nullable List<Parameter> parameters;

    QueryString(String raw) {
        this.raw = raw;
    }

    @Override
    public @Nullable String first(String name) {
        List<Parameter> all = parameters();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).is(name)) {
                return all.get(i).value;
            }
        }
        return null;
    }

    @Override
    public @Nullable String last(String name) {
        List<Parameter> all = parameters();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).is(name)) {
                return all.get(i).value;
            }
        }
        return null;
    }

    @Override
    public List<String> all(String name) {
        List<Parameter> all = parameters();
        List<String> values = List.of();
        for (int i = 0; i < all.size(); i++) {
            Parameter parameter = all.get(i);
            if (parameter.is(name)) {
                if (values.size() == 1) {
                    values = new ArrayList<>(values);
                }
                if (values.isEmpty()) {
                    // As a rule the only one.
                    values = List.of(parameter.value);
                } else {
                    values.add(parameter.value);
                }
            }
        }
        return values;
    }

    private List<Parameter> parameters() {
        List<Parameter> parsed = parameters;
        if (parsed == null) {
            parsed = raw.isEmpty() ? List.of() : parse();
            parameters = parsed;
        }
        return parsed;
    }

    private List<Parameter> parse() {
        var parsed = new ArrayList<Parameter>();
        int from = 0;
        while (from < raw.length()) {
            int next = raw.indexOf('&', from);
            int to = next < 0 ? raw.length() : next;
            if (to > from) {
                if (parsed.size() == MAX_PARAMETERS) {
                    throw Refusals.tooManyParameters(MAX_PARAMETERS);
                }
                parsed.add(parameter(from, to));
            }
            from = to + 1;
        }
        return parsed;
    }

    private Parameter parameter(int from, int to) {
        int equals = raw.indexOf('=', from);
        boolean bare = equals < 0 || equals >= to;
        String name = Percent.decode(raw, from, bare ? to : equals, true);
        String value = bare ? "" : Percent.decode(raw, equals + 1, to, true);
        if (name == null || value == null) {
            throw Refusals.badQueryEncoding();
        }
        return new Parameter(name, value);
    }

    private record Parameter(String name, String value) {
        boolean is(String other) {
            return Ascii.equalsIgnoreCase(name, other);
        }
    }
}
