package io.tidewire.webpubsub.protocol;

/**
 * What is asked for can be read but not done: something in it is beyond a limit. Stackless; the message is one sentence that says
 * which limit, fit for the one who asked.
 */
public final class InvalidContent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidContent(String message) {
        super(message, null, false, false);
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
