package io.tidewire.cli;

import java.util.List;

/** The configuration cannot be used; exit code 78. */
final class BadConfiguration extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /** @param problems one line each, naming file, line and setting */
    BadConfiguration(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
