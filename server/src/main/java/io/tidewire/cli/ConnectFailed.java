package io.tidewire.cli;

import org.jspecify.annotations.Nullable;

/** A client could not connect. */
final class ConnectFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean worthRetrying;

    /** @param worthRetrying false when the same attempt would be refused again, as with a wrong key */
    ConnectFailed(String message, boolean worthRetrying, @Nullable Throwable cause) {
        super(message, cause);
        this.worthRetrying = worthRetrying;
    }

    boolean worthRetrying() {
        return worthRetrying;
    }
}
