package io.tidewire.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the token of a request (reference B.3). */
public final class BearerTokens {
    private static final String SCHEME = "Bearer";

    /** What a token in the query of a client's request is worth. */
    public enum InQuery {
        /** The request is one that can carry a header. */
        IGNORED,
        /** Read where there is no header. */
        AFTER_HEADER,
        /** Read before any header. */
        BEFORE_HEADER
    }

    private BearerTokens() {}

    /**
     * The token of a REST call or app server.
     *
     * @param authorization every {@code Authorization} header of the request. Two of them are joined as HTTP does it, which
     *     makes a token that cannot be valid: nobody shall choose between two
     * @return null when there is none; otherwise what follows the scheme, not yet judged
     */
    public static @Nullable String fromHeader(List<String> authorization) {
        String all = authorization.size() == 1 ? authorization.getFirst() : String.join(", ", authorization);
        String value = all.strip();
        int length = SCHEME.length();
        boolean isBearer = value.length() > length
                && value.regionMatches(true, 0, SCHEME, 0, length)
                && (value.charAt(length) == ' ' || value.charAt(length) == '\t');
        return isBearer ? value.substring(length).strip() : null;
    }

    /**
     * The token of a client.
     *
     * @param queryToken the last {@code access_token} of the query; null when absent
     * @param inQuery what that is worth to the service, for this request
     * @return null when there is none; otherwise not yet judged
     */
    public static @Nullable String fromClient(
            List<String> authorization, @Nullable String queryToken, InQuery inQuery) {
        @Nullable String inHeader = fromHeader(authorization);
        boolean given = queryToken != null && !queryToken.isEmpty();
        return switch (inQuery) {
            case IGNORED -> inHeader;
            case AFTER_HEADER -> inHeader == null && given ? queryToken : inHeader;
            case BEFORE_HEADER -> given ? queryToken : inHeader;
        };
    }
}
