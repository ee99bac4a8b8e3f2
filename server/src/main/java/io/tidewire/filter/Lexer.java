package io.tidewire.filter;

import io.tidewire.filter.Token.Kind;

/**
 * Cuts a filter into tokens, from the beginning to the end. Words and literals stand apart: a string next to a word is what a
 * quote inside a string looks like that somebody forgot to double.
 */
final class Lexer {
    private final String source;
    private int at;

    Lexer(String source) {
        this.source = source;
    }

    Token next() {
        while (at < source.length() && isBlank(source.charAt(at))) {
            at++;
        }
        if (at == source.length()) {
            return new Token(Kind.END, "", at, at);
        }
        char c = source.charAt(at);
        return switch (c) {
            case '(' -> sign(Kind.OPEN);
            case ')' -> sign(Kind.CLOSE);
            case ',' -> sign(Kind.COMMA);
            case '\'' -> string();
            default -> {
                if (isLetter(c)) {
                    yield word();
                }
                if (isDigit(c) || (c == '-' && at + 1 < source.length() && isDigit(source.charAt(at + 1)))) {
                    yield integer();
                }
                throw unexpected(at);
            }
        };
    }

    private Token sign(Kind kind) {
        int from = at++;
        return new Token(kind, source.substring(from, at), from, at);
    }

    private Token word() {
        int from = at;
        while (at < source.length() && (isLetter(source.charAt(at)) || isDigit(source.charAt(at)))) {
            at++;
        }
        return apart(new Token(Kind.WORD, source.substring(from, at), from, at));
    }

    private Token integer() {
        int from = at++;
        while (at < source.length() && isDigit(source.charAt(at))) {
            at++;
        }
        return apart(new Token(Kind.INTEGER, source.substring(from, at), from, at));
    }

    /** Inside a string two quotes are one. */
    private Token string() {
        int from = at;
        StringBuilder unescaped = null;
        int start = from + 1;
        while (true) {
            int quote = source.indexOf('\'', start);
            if (quote < 0) {
                throw new InvalidFilter("The string is not closed that begins", from);
            }
            String part = source.substring(start, quote);
            boolean doubled = quote + 1 < source.length() && source.charAt(quote + 1) == '\'';
            if (!doubled) {
                at = quote + 1;
                String text = unescaped == null ? part : unescaped.append(part).toString();
                return apart(new Token(Kind.STRING, text, from, at));
            }
            unescaped = (unescaped == null ? new StringBuilder() : unescaped)
                    .append(part)
                    .append('\'');
            start = quote + 2;
        }
    }

    private Token apart(Token token) {
        if (at < source.length()) {
            char next = source.charAt(at);
            if (!isBlank(next) && next != '(' && next != ')' && next != ',') {
                throw unexpected(at);
            }
        }
        return token;
    }

    private InvalidFilter unexpected(int index) {
        char c = source.charAt(index);
        String shown = c > ' ' && c < 0x7F ? "`" + c + "`" : "U+%04X".formatted((int) c);
        return new InvalidFilter("Unexpected " + shown, index);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
