package io.tidewire.cli;

/** A line of a prompt that cannot be read; the message says what is expected. */
final class WrongOrder extends Exception {
    private static final long serialVersionUID = 1;

    WrongOrder(String message) {
        super(message);
    }
}
