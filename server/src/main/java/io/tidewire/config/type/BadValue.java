package io.tidewire.config.type;

import java.util.List;

/** Why a value cannot be taken, as the end of a sentence that starts with the setting's name. Stackless. */
public final class BadValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * One thing that is wrong with a value.
     *
     * @param line of the file, where the value has several lines; 0 for that of the whole value
     */
    public record Fault(int line, String predicate) {}

    private final transient List<Fault> faults;

    public BadValue(String predicate) {
        this(List.of(new Fault(0, predicate)));
    }

    /** @param faults at least one */
    public BadValue(List<Fault> faults) {
        super(faults.getFirst().predicate(), null, false, false);
        this.faults = List.copyOf(faults);
    }

    /** "must be a duration such as 15s, but is 'soon'". Not for secrets: it repeats the value. */
    static BadValue mustBe(String what, String text) {
        return new BadValue("must be " + what + ", but is " + Quote.of(text));
    }

    /** The same as the fault of something larger: what it is a part of goes in front. */
    BadValue within(int line, String part) {
        return new BadValue(faults.stream()
                .map(fault -> new Fault(fault.line() > 0 ? fault.line() : line, part + " " + fault.predicate()))
                .toList());
    }

    /** The same without lines, for a text that is no part of a file. */
    BadValue withoutLines() {
        return new BadValue(
                faults.stream().map(fault -> new Fault(0, fault.predicate())).toList());
    }

    /** The first fault's. */
    public String predicate() {
        return String.valueOf(getMessage());
    }

    public List<Fault> faults() {
        return faults;
    }
}
