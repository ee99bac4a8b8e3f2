package io.tidewire.http.tls;

import java.time.Instant;

/** What becomes of a listener's certificate. Any thread; must not block or throw. */
public interface CertificateObserver {
    /** Tells nobody. */
    CertificateObserver NONE = new CertificateObserver() {};

    /** New handshakes use a certificate that is valid until then; told for the first one as well. */
    default void taken(Instant expires) {}

    /** The files have changed and cannot be used; the certificate before them stays. */
    default void refused() {}
}
