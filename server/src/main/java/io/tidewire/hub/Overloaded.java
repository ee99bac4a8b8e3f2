package io.tidewire.hub;

/** So much work waits for a shard that a message was not taken. The caller may try again. */
public final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Overloaded(long waitingBytes, long limit) {
        super(waitingBytes + " bytes wait to be sent, more than " + limit, null, false, false);
    }
}
