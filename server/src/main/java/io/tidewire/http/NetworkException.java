package io.tidewire.http;

/** Why the network part of the server cannot start: one sentence for the operator that names the setting to change. */
public final class NetworkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NetworkException(String message) {
        // No cause and no stack: whoever starts the server prints this line and nothing else.
        super(message, null, false, false);
    }
}
