package io.tidewire.http.tls;

/** Why a certificate or its key cannot be used: one sentence for the operator, which names the file and the setting. */
public final class BadCertificate extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadCertificate(String message) {
        // No cause and no stack: whoever reads this line needs nothing else.
        super(message, null, false, false);
    }
}
