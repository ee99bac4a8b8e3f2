package io.tidewire.cli;

import org.jspecify.annotations.Nullable;

/** A line of a prompt being read from left to right. Words are split at spaces; one with spaces goes in double quotes. */
final class Words {
    private final String line;
    private int at;

    Words(String line) {
        this.line = line;
    }

    @Nullable
    String optional() throws WrongOrder {
        skipSpaces();
        if (at == line.length()) {
            return null;
        }
        boolean quoted = line.charAt(at) == '"';
        int begin = quoted ? at + 1 : at;
        int end = begin;
        while (end < line.length() && (quoted ? line.charAt(end) != '"' : !Character.isWhitespace(line.charAt(end)))) {
            end++;
        }
        if (quoted && end == line.length()) {
            throw new WrongOrder("a closing \" is missing");
        }
        at = quoted ? end + 1 : end;
        return line.substring(begin, end);
    }

    String next(String expected) throws WrongOrder {
        var word = optional();
        if (word == null || word.isEmpty()) {
            throw new WrongOrder("expected " + expected + "; 'help' shows how");
        }
        return word;
    }

    /** Null when there is nothing more. */
    @Nullable
    String rest() {
        var rest = line.substring(at).strip();
        at = line.length();
        return rest.isEmpty() ? null : rest;
    }

    /** {@code order}, if the line ends here. */
    <T> T last(T order) throws WrongOrder {
        var rest = rest();
        if (rest != null) {
            throw new WrongOrder("'" + Printable.line(rest) + "' is too much");
        }
        return order;
    }

    private void skipSpaces() {
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
    }
}
