package io.tidewire.filter;

/** Why a text is no filter, as a stackless exception. Its message is for the caller: what is wrong and where. */
public final class InvalidFilter extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int MAX_QUOTED = 40;

    private final int position;

    /**
     * @param index of the character that is wrong, from 0
     */
    InvalidFilter(String what, int index) {
        super(what + " at character " + (index + 1), null, false, false);
        this.position = index + 1;
    }

    /** The character that is wrong, counted from 1. */
    public int position() {
        return position;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    /** A part of the filter as it is shown in a message: not longer than makes sense. */
    static String quote(String part) {
        return "`" + (part.length() > MAX_QUOTED ? part.substring(0, MAX_QUOTED) + "..." : part) + "`";
    }
}
