package io.tidewire.service.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import io.tidewire.hub.Observer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which web pages may talk to the client endpoint (reference D.1). Browsers send credentials, so the answer names the origin
 * and never says {@code *}; errors carry the headers too, because a page cannot read an error without them.
 */
public final class Cors {
    private final boolean any;
    private final List<String> allowed;

    private final String setting;
    private final Observer observer;

    /**
     * For one endpoint.
     *
     * @param setting where the origins are set; refusals name it
     */
    public Cors(List<String> allowedOrigins, String setting, Observer observer) {
        this.setting = setting;
        this.any = allowedOrigins.contains("*");
        this.allowed = allowedOrigins.stream()
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .toList();
        this.observer = observer;
    }

    /**
     * Refuses a page that is not allowed. For a WebSocket no browser checks that by itself, and of the other requests it only
     * keeps the answer from the page: their effect would be there.
     *
     * @throws Problem 403
     */
    public void checkOrigin(Exchange exchange) {
        List<String> origins = origins(exchange);
        if (!origins.isEmpty() && !isAllowed(origins)) {
            observer.refused("OriginNotAllowed");
            throw new Problem(403, "Forbidden", "The origin of this page is not in the setting " + setting + ".");
        }
    }

    public Response decorate(Exchange exchange, Response response) {
        Response answer = response;
        for (var header : headers(exchange)) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }

    /** The same handler for pages that are allowed, who may read its problems, and for whoever is no page. */
    public Handler around(Handler handler) {
        return exchange -> {
            checkOrigin(exchange);
            try {
                handler.handle(exchange);
            } catch (Problem problem) {
                throw readable(exchange, problem);
            }
        };
    }

    /** The same problem with headers by which a page may read it; for those that are not thrown. */
    public Problem readable(Exchange exchange, Problem problem) {
        var headers = new ArrayList<>(problem.headers());
        headers.addAll(headers(exchange));
        return new Problem(problem.status(), problem.code(), problem.message(), headers);
    }

    /** Answers a preflight; it comes without a token. */
    public void preflight(Exchange exchange) {
        Response response = decorate(exchange, Response.of(204));
        if (!headers(exchange).isEmpty()) {
            String asked = exchange.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
            response = response.with("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS")
                    .with(
                            "Access-Control-Allow-Headers",
                            asked == null
                                    ? "authorization, content-type, x-requested-with, x-signalr-user-agent"
                                    : asked)
                    .with("Access-Control-Max-Age", "7200");
        }
        exchange.respond(response);
    }

    private List<Map.Entry<String, String>> headers(Exchange exchange) {
        List<String> origins = origins(exchange);
        if (!isAllowed(origins)) {
            return List.of();
        }
        return List.of(
                Map.entry("Access-Control-Allow-Origin", origins.getFirst()),
                Map.entry("Access-Control-Allow-Credentials", "true"),
                Map.entry("Vary", "Origin"));
    }

    /** A page has one origin; who sends two hopes that only one of them is looked at. */
    private boolean isAllowed(List<String> origins) {
        return origins.size() == 1
                && (any || allowed.contains(origins.getFirst().toLowerCase(Locale.ROOT)));
    }

    private static List<String> origins(Exchange exchange) {
        return exchange.headers().getAll(HttpHeaderNames.ORIGIN);
    }
}
