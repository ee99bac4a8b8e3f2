package io.tidewire.cli;

/** Which defaults a server starts with. */
enum Profile {
    /** Loopback, the vendors' emulator ports and their well-known key. */
    DEV,
    /** Nothing is assumed: keys must be given. */
    SERVE
}
