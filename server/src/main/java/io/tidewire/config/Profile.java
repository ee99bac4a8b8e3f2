package io.tidewire.config;

/** Which set of defaults is taken, and how strictly they are judged. */
public enum Profile {
    /** A laptop or CI: loopback, the ports and the well-known key of the vendor's emulator, audiences not looked at. */
    DEV,
    /** Everything else: all addresses, and keys of one's own. */
    SERVE
}
