package io.tidewire.auth;

/**
 * Why a token is refused.
 *
 * @param reason for the counter and the challenge
 * @param detail for the operator's log and trace; not for the peer. Holds no token and no key, one line
 */
public record Refusal(Reason reason, String detail) implements Verdict {
    /** The body of every 401: it does not tell one reason from another. */
    public static final String MESSAGE = "The access token is missing or not valid for this request.";

    /** Every reason there is, with the words that the challenge has for it. */
    public enum Reason {
        /** There is no token. */
        MISSING(""),
        TOO_LONG("The token is too long"),
        MALFORMED("The token is malformed"),
        ALGORITHM("The signature algorithm is not supported"),
        SIGNATURE("The signature key was not found"),
        NO_EXPIRY("The token has no expiration"),
        /** Almost always {@code exp} in milliseconds. */
        EXPIRY_TOO_FAR("The token expiration is not in seconds"),
        EXPIRED("The token is expired"),
        NOT_YET_VALID("The token is not yet valid"),
        AUDIENCE("The audience is invalid");

        private final String challenge;

        Reason(String description) {
            this.challenge = description.isEmpty()
                    ? "Bearer"
                    : "Bearer error=\"invalid_token\", error_description=\"" + description + "\"";
        }
    }

    static final Refusal MISSING = new Refusal(Reason.MISSING, "The request carries no access token");

    /** The value of {@code WWW-Authenticate} (RFC 6750 3). */
    public String challenge() {
        return reason.challenge;
    }
}
