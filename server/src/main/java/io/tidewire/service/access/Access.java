package io.tidewire.service.access;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tidewire.auth.AudienceCheck;
import io.tidewire.auth.BearerTokens;
import io.tidewire.auth.Claims;
import io.tidewire.auth.Refusal;
import io.tidewire.auth.TokenVerifier;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Redaction;
import io.tidewire.hub.Observer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may come in: judges the token of each request of the service. */
public final class Access {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private final TokenVerifier verifier;
    private final Observer observer;

    public Access(TokenVerifier verifier, Observer observer) {
        this.verifier = verifier;
        this.observer = observer;
    }

    /**
     * Lets a REST call in.
     *
     * @throws Problem 401
     */
    public void restCall(Exchange exchange) {
        String token = BearerTokens.fromHeader(authorization(exchange));
        judge(exchange, token, new AudienceCheck.Rest(exchange.rawPath(), exchange.hosts()));
    }

    /**
     * Lets a client in.
     *
     * @param check what its token must be for
     * @param inQuery what a token in the query is worth
     * @throws Problem 401
     */
    public Claims client(Exchange exchange, AudienceCheck check, BearerTokens.InQuery inQuery) {
        return judge(exchange, clientToken(exchange, inQuery), check);
    }

    /** Whether a client brings a token, good or bad. */
    public static boolean hasToken(Exchange exchange, BearerTokens.InQuery inQuery) {
        return clientToken(exchange, inQuery) != null;
    }

    private static @Nullable String clientToken(Exchange exchange, BearerTokens.InQuery inQuery) {
        return BearerTokens.fromClient(authorization(exchange), exchange.query().last("access_token"), inQuery);
    }

    private Claims judge(Exchange exchange, @Nullable String token, AudienceCheck check) {
        return switch (verifier.verify(token, check)) {
            case Claims claims -> claims;
            case Refusal refusal -> {
                observer.refused("Unauthorized");
                LOG.info(
                        "Refused {} {}: {}",
                        exchange.method(),
                        Redaction.text(exchange.rawPath()),
                        Redaction.text(refusal.detail()) + hint(exchange, refusal));
                throw new Problem(
                        401,
                        "Error.Request.Unauthorized",
                        Refusal.MESSAGE,
                        List.of(Map.entry("WWW-Authenticate", refusal.challenge())));
            }
        };
    }

    private static String hint(Exchange exchange, Refusal refusal) {
        boolean elsewhere =
                refusal.reason() == Refusal.Reason.MISSING && exchange.query().first("access_token") != null;
        return elsewhere ? "; one in the query is read for WebSockets and server-sent events only" : "";
    }

    private static List<String> authorization(Exchange exchange) {
        return exchange.headers().getAll(HttpHeaderNames.AUTHORIZATION);
    }
}
