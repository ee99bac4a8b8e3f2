package io.tidewire.filter;

/**
 * A part of a filter, and where it stands.
 *
 * @param from index of its first character
 * @param to index behind its last character
 */
record Part(Value value, String source, int from, int to) {
    Value.Bool bool() {
        if (value instanceof Value.Bool bool) {
            return bool;
        }
        throw wrongType("a condition");
    }

    Value.Text text() {
        return switch (value) {
            case Value.Text text -> text;
            case Value.Null _ -> _ -> null;
            case Value.Bool _, Value.Int _, Value.Groups _ -> throw wrongType("a string");
        };
    }

    Value.Int number() {
        return switch (value) {
            case Value.Int number -> number;
            case Value.Null _ -> _ -> Value.Int.NOTHING;
            case Value.Bool _, Value.Text _, Value.Groups _ -> throw wrongType("an integer");
        };
    }

    InvalidFilter wrongType(String expected) {
        return new InvalidFilter(this + " is " + type() + " where " + expected + " is expected,", from);
    }

    String type() {
        return switch (value) {
            case Value.Bool _ -> "a condition";
            case Value.Text _ -> "a string";
            case Value.Int _ -> "an integer";
            case Value.Groups _ -> "a collection of strings";
            case Value.Null _ -> "null";
        };
    }

    /** As it is quoted in messages. */
    @Override
    public String toString() {
        return InvalidFilter.quote(source.substring(from, to));
    }
}
