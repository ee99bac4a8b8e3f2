package io.tidewire.config;

import java.util.List;

/** The settings cannot be used. Carries every problem, one line each, written for whoever wrote the settings. Stackless. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidSettings(List<String> problems) {
        super(String.join("\n", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
