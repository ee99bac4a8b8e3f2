package io.tidewire.auth;

/** Why a text is not a connection string: what is missing or wrong and the expected form; never a key or secret. */
public final class InvalidConnectionString extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    static final String EXPECTED = "Endpoint=https://<host>;AccessKey=<key>;Version=1.0;";

    /** There is no cause on purpose: those of the JDK quote their input. */
    InvalidConnectionString(String problem) {
        super(problem + " Expected: " + EXPECTED);
    }
}
