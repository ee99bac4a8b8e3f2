package io.tidewire.transport;

/** How a transport came to its end. */
public sealed interface WireEnd {
    /** We closed it. */
    record Local(WireClose close) implements WireEnd {}

    /** The client closed it in order, with this code (1005 when it gave none). */
    record Remote(int code, String reason) implements WireEnd {}

    /** The client broke a rule of the transport; it was closed with this code (1002, 1007, 1009). */
    record Violation(WireClose close) implements WireEnd {}

    /** The client sent too much: of what carries nothing (1008), or more than all clients together may (1013). */
    record Flood(WireClose close) implements WireEnd {}

    /** The socket broke without a close. */
    record Lost() implements WireEnd {}
}
