package io.tidewire.bench.contestant;

/** What a client of the workload {@code connect} goes through. */
public enum Coming {
    /** An upgrade, nothing asked. */
    BARE,
    /** An upgrade with a token. */
    TOKEN,
    /** Negotiate with a token, upgrade with the token it answers, hub handshake. */
    NEGOTIATED
}
