package io.tidewire.http;

/** Answers one operation. Called on the event loop of the request's connection; never blocks. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers now, or later from any thread, through {@link Exchange#respond}.
     *
     * @throws Problem to answer with an error in the format of the route
     */
    void handle(Exchange exchange);
}
