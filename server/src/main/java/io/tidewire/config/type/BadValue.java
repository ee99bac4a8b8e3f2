package io.tidewire.config.type;

/** Why a value cannot be taken, as the end of a sentence that starts with the setting's name. Stackless. */
public final class BadValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadValue(String predicate) {
        super(predicate, null, false, false);
    }

    /** "must be a duration such as 15s, but is 'soon'". Not for secrets: it repeats the value. */
    static BadValue mustBe(String what, String text) {
        return new BadValue("must be " + what + ", but is " + Quote.of(text));
    }

    public String predicate() {
        return String.valueOf(getMessage());
    }
}
