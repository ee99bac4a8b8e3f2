package io.tidewire.cli;

import org.jspecify.annotations.Nullable;

/** A command could not do what it was asked; its message is for the person who typed it, and the exit code is 1. */
final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1;

    CommandFailed(String message) {
        this(message, null);
    }

    CommandFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
