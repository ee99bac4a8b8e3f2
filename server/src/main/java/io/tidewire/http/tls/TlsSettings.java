package io.tidewire.http.tls;

import java.nio.file.Path;

/**
 * The certificate of a listener, in PEM files.
 *
 * @param certificate the listener's own certificate first, then those that vouch for it
 * @param key its private key, not encrypted
 */
public record TlsSettings(Path certificate, Path key) {}
