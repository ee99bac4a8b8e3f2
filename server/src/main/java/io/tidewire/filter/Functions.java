package io.tidewire.filter;

import java.util.List;
import java.util.Locale;

/** The functions of a filter. A null among their arguments makes a condition false, a position -1 and anything else null. */
final class Functions {
    private Functions() {}

    /**
     * The value of a call.
     *
     * @param call the whole call
     */
    static Value call(Token name, List<Part> arguments, Part call) {
        return switch (name.text().toLowerCase(Locale.ROOT)) {
            case "length" -> length(only(arguments, call));
            case "tolower" -> toLower(only(arguments, call).text());
            case "toupper" -> toUpper(only(arguments, call).text());
            case "trim" -> trim(only(arguments, call).text());
            case "contains" ->
                contains(first(arguments, 2, 2, call).text(), arguments.get(1).text());
            case "startswith" ->
                startsWith(first(arguments, 2, 2, call).text(), arguments.get(1).text());
            case "endswith" ->
                endsWith(first(arguments, 2, 2, call).text(), arguments.get(1).text());
            case "indexof" ->
                indexOf(first(arguments, 2, 2, call).text(), arguments.get(1).text());
            case "concat" ->
                concat(first(arguments, 2, 2, call).text(), arguments.get(1).text());
            case "substring" -> {
                Value.Text text = first(arguments, 2, 3, call).text();
                Value.Int start = arguments.get(1).number();
                yield arguments.size() == 2
                        ? substring(text, start, _ -> Integer.MAX_VALUE)
                        : substring(text, start, arguments.get(2).number());
            }
            default ->
                throw new InvalidFilter(
                        InvalidFilter.quote(name.text())
                                + " is not a function; these are length, tolower, toupper, trim,"
                                + " contains, startswith, endswith, indexof, concat, substring;",
                        name.from());
        };
    }

    private static Part only(List<Part> arguments, Part call) {
        return first(arguments, 1, 1, call);
    }

    private static Part first(List<Part> arguments, int least, int most, Part call) {
        if (arguments.size() < least || arguments.size() > most) {
            String takes = least == most ? "" + least : least + " or " + most;
            throw new InvalidFilter(
                    call + " has " + arguments.size() + " arguments where " + takes + " are expected,", call.from());
        }
        return arguments.getFirst();
    }

    private static Value.Int length(Part argument) {
        if (argument.value() instanceof Value.Groups) {
            return connection -> connection.groupCount();
        }
        Value.Text text = argument.text();
        return connection -> {
            String s = text.of(connection);
            return s == null ? Value.Int.NOTHING : s.length();
        };
    }

    private static Value.Text toLower(Value.Text text) {
        return connection -> {
            String s = text.of(connection);
            return s == null ? null : s.toLowerCase(Locale.ROOT);
        };
    }

    private static Value.Text toUpper(Value.Text text) {
        return connection -> {
            String s = text.of(connection);
            return s == null ? null : s.toUpperCase(Locale.ROOT);
        };
    }

    private static Value.Text trim(Value.Text text) {
        return connection -> {
            String s = text.of(connection);
            return s == null ? null : s.strip();
        };
    }

    private static Value.Bool contains(Value.Text text, Value.Text part) {
        return connection -> {
            String s = text.of(connection);
            String p = part.of(connection);
            return s != null && p != null && Search.indexOf(s, p) >= 0;
        };
    }

    private static Value.Bool startsWith(Value.Text text, Value.Text part) {
        return connection -> {
            String s = text.of(connection);
            String p = part.of(connection);
            return s != null && p != null && s.startsWith(p);
        };
    }

    private static Value.Bool endsWith(Value.Text text, Value.Text part) {
        return connection -> {
            String s = text.of(connection);
            String p = part.of(connection);
            return s != null && p != null && s.endsWith(p);
        };
    }

    private static Value.Int indexOf(Value.Text text, Value.Text part) {
        return connection -> {
            String s = text.of(connection);
            String p = part.of(connection);
            return s == null || p == null ? -1 : Search.indexOf(s, p);
        };
    }

    private static Value.Text concat(Value.Text left, Value.Text right) {
        return connection -> {
            String l = left.of(connection);
            String r = right.of(connection);
            return l == null || r == null ? null : l.concat(r);
        };
    }

    /** What is outside of the string is left out. */
    private static Value.Text substring(Value.Text text, Value.Int start, Value.Int length) {
        return connection -> {
            String s = text.of(connection);
            long from = start.of(connection);
            long count = length.of(connection);
            if (s == null || from == Value.Int.NOTHING || count == Value.Int.NOTHING) {
                return null;
            }
            int begin = Math.clamp(from, 0, s.length());
            int end = Math.clamp(Math.max(from, 0) + count, begin, s.length());
            return s.substring(begin, end);
        };
    }
}
