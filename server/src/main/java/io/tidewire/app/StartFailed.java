package io.tidewire.app;

/** The settings ask for what cannot be had: a port that is taken, a transport that is not there, a key that is too short. */
public final class StartFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailed(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }

    /** One line for the person who starts the server. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
