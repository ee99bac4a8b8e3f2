package io.tidewire.config;

/** Where a value was written. */
public sealed interface Origin {
    /** A line of the settings file, counted from 1. */
    record Line(String file, int line) implements Origin {}

    /** A variable of the environment. */
    record Variable(String name) implements Origin {}

    /** {@code --set} on the command line. */
    record CommandLine() implements Origin {}

    /** As errors start and {@code config check} prints it. */
    default String label() {
        return switch (this) {
            case Line at -> at.file() + ":" + at.line();
            case Variable variable -> variable.name();
            case CommandLine _ -> "--set";
        };
    }
}
