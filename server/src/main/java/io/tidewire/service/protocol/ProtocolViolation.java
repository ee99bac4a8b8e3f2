package io.tidewire.service.protocol;

/**
 * What a peer sent is not the hub protocol. Stackless, and the message is one short sentence without any of the peer's
 * payload, fit for a log line and for the close text.
 */
public final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProtocolViolation(String message) {
        super(message, null, false, false);
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
