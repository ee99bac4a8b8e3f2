package io.tidewire.filter;

/**
 * A word, a literal or a sign of a filter.
 *
 * @param text of a string what it says, of anything else how it is written
 * @param from index of its first character
 * @param to index behind its last character
 */
record Token(Kind kind, String text, int from, int to) {
    enum Kind {
        WORD,
        STRING,
        INTEGER,
        OPEN,
        CLOSE,
        COMMA,
        END
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** Words are compared without regard to case. */
    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }
}
