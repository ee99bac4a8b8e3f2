package io.tidewire.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the token of a request (reference B.3). */
public final class BearerTokens {
    private static final String SCHEME = "Bearer";

    private BearerTokens() {}

    /**
     * The token of a REST call or app server.
     *
     * @param authorization every {@code Authorization} header of the request. Two of them are joined as HTTP does it, which
     *     makes a token that cannot be valid: nobody shall choose between two
     * @return null when there is none; otherwise what follows the scheme, not yet judged
     */
    public static @Nullable String fromHeader(List<String> authorization) {
        String value = String.join(", ", authorization).strip();
        int length = SCHEME.length();
        boolean isBearer = value.length() > length
                && value.regionMatches(true, 0, SCHEME, 0, length)
                && (value.charAt(length) == ' ' || value.charAt(length) == '\t');
        return isBearer ? value.substring(length).strip() : null;
    }

    /**
     * The token of a client: a bearer header wins over the query.
     *
     * @param queryToken the last {@code access_token} of the query; null when absent
     * @param queryAllowed whether the request is one that cannot set headers in a browser: an upgrade to WebSocket, or an SSE
     *     stream
     */
    public static @Nullable String fromClient(
            List<String> authorization, @Nullable String queryToken, boolean queryAllowed) {
        @Nullable String token = fromHeader(authorization);
        if (token != null || !queryAllowed || queryToken == null || queryToken.isEmpty()) {
            return token;
        }
        return queryToken;
    }
}
