package io.tidewire.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import io.tidewire.auth.Claim;
import io.tidewire.filter.InvalidFilter;
import io.tidewire.filter.ODataFilter;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Redaction;
import io.tidewire.http.Response;
import io.tidewire.hub.Filter;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Overloaded;
import io.tidewire.hub.PermissionsFull;
import io.tidewire.service.access.GivenName;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One REST call, read in words that both services have. Every reader checks what it reads and throws {@link Problem}. Each service
 * has one kind of call, with the readers that only it needs.
 */
public abstract class RestCall {
    private static final Logger LOG = LoggerFactory.getLogger(RestCall.class);

    public static final String INVALID = "Error.Request.Invalid";
    private static final int NAME_LIMIT = 1024;
    private static final int DEFAULT_MINUTES = 60;

    private final Exchange exchange;
    private final Service service;

    protected RestCall(Exchange exchange, Service service) {
        this.exchange = exchange;
        this.service = service;
    }

    public abstract Hub hub();

    /** The hub of that name, already checked. */
    protected final Hub hub(String name) {
        return service.hubs().named(name);
    }

    protected final Exchange exchange() {
        return exchange;
    }

    public final String group() {
        return name("group", "group name");
    }

    /**
     * The user that the path names.
     *
     * @param parameter what the template calls it
     */
    public final String user(String parameter) {
        return name(parameter, "user id");
    }

    /** The user that the query names; null when it names none, or an empty one. */
    public final @Nullable String queryUser(String parameter) {
        String user = exchange.query().first(parameter);
        return user == null || user.isEmpty() ? null : checked(user, "user id");
    }

    public final String connectionId() {
        return name("connectionId", "connection ID");
    }

    public final Set<String> excluded() {
        return Set.copyOf(exchange.query().all("excluded"));
    }

    /** Why connections are closed; null when the caller does not say. */
    public final @Nullable String reason() {
        String reason = exchange.query().first("reason");
        return reason == null || reason.isEmpty() ? null : reason;
    }

    /** Which connections are meant; null for all. */
    public final @Nullable Filter filter() {
        List<String> filters = exchange.query().all("filter");
        if (filters.size() > 1) {
            throw invalid("filter", "There are several filters where one is expected. (Parameter 'filter')");
        }
        return filters.isEmpty() ? null : filter(filters.getFirst());
    }

    /** Reads a filter; null for an empty one. */
    public static @Nullable Filter filter(String source) {
        if (source.isEmpty()) {
            return null;
        }
        try {
            return ODataFilter.of(source);
        } catch (InvalidFilter invalid) {
            throw invalid("filter", "Invalid filter. " + invalid.message() + ". (Parameter 'filter')");
        }
    }

    /** A whole number of the query; {@code absent} when it is not there. */
    public final int number(String parameter, int min, int max, int absent) {
        String text = exchange.query().first(parameter);
        if (text == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw invalid(
                parameter, "Invalid " + parameter + ". It is a whole number between " + min + " and " + max + ".");
    }

    /** A yes or no of the query in any letter case; no when it is not there. */
    public final boolean flag(String parameter) {
        String text = exchange.query().first(parameter);
        return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false", "" -> false;
            default -> throw invalid(parameter, "Invalid " + parameter + ". It is true or false.");
        };
    }

    /** The body as bytes that must be there. */
    public final byte[] body(String what) {
        byte[] bytes = ByteBufUtil.getBytes(exchange.body());
        if (bytes.length == 0) {
            throw new Problem(400, INVALID, what + " in request body is required.");
        }
        return bytes;
    }

    /** Where callers and clients find this server, without a slash at the end. */
    public final String endpoint() {
        return service.publicEndpoint() == null
                ? exchange.baseUrl()
                : service.publicEndpoint().toString();
    }

    /** The id after which a listing goes on; null for its beginning. */
    public final @Nullable String continuation() {
        String token = exchange.query().first("continuationToken");
        return token == null ? null : ContinuationToken.read(token);
    }

    /** An absolute link to this operation, in the same version and for the same application, with another query. */
    public final String linkToItself(Map<String, String> query) {
        var all = new LinkedHashMap<>(query);
        String application = exchange.query().first("application");
        if (application != null) {
            all.put("application", application);
        }
        String version = exchange.query().first("api-version");
        all.put(
                "api-version",
                version == null ? Collections.max(exchange.route().versions()) : version);
        var link = new StringBuilder(endpoint()).append(exchange.rawPath());
        char separator = '?';
        for (var parameter : all.entrySet()) {
            link.append(separator)
                    .append(parameter.getKey())
                    .append('=')
                    .append(URLEncoder.encode(parameter.getValue(), UTF_8));
            separator = '&';
        }
        return link.toString();
    }

    /**
     * Answers with a token for a client, signed with the primary key, for as many minutes as the caller says.
     *
     * @param path of the endpoint that the client may use, encoded
     */
    public final void answerToken(String path, List<Claim> claims) {
        int minutes = number("minutesToExpire", 1, Integer.MAX_VALUE, DEFAULT_MINUTES);
        String token;
        try {
            token = service.tokens().issue(endpoint() + path, Duration.ofMinutes(minutes), claims);
        } catch (IllegalArgumentException tooLong) {
            throw new Problem(400, INVALID, "Invalid claims. " + tooLong.getMessage() + ".");
        }
        answer(JsonAnswer.of(200, out -> out.writeStringProperty("token", token))
                .with("Cache-Control", "no-store"));
    }

    /** What is done when the caller leaves without waiting for its answer. */
    public final void onGone(Runnable action) {
        exchange.onGone(action);
    }

    public final void answer(Response response) {
        exchange.respond(response);
    }

    public final void answer(int status) {
        exchange.respond(Response.of(status));
    }

    /** Answers with this status once the work is done. */
    public final void answer(int status, CompletionStage<?> work) {
        answer(work, _ -> Response.of(status));
    }

    /** Answers what the result says, or with the problem that {@code answer} throws. */
    public final <T> void answer(CompletionStage<T> work, Function<T, Response> answer) {
        work.whenComplete((result, failure) -> {
            try {
                if (failure != null) {
                    throw problem(failure);
                }
                exchange.respond(answer.apply(result));
            } catch (Problem problem) {
                exchange.respond(problem);
            } catch (RuntimeException defect) {
                exchange.respond(problem(defect));
            }
        });
    }

    private static Problem problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Overloaded) {
            return new Problem(
                    503,
                    "Error.Request.Overloaded",
                    "The server has more messages to send than it can hold (" + cause.getMessage() + "). Try again.",
                    List.of(Map.entry("Retry-After", "1")));
        }
        if (cause instanceof PermissionsFull) {
            return new Problem(400, INVALID, "The permission was not changed: " + cause.getMessage() + ".");
        }
        if (cause instanceof CancellationException) {
            return new Problem(499, "Error.Request.Canceled", "The caller did not wait for the answer.");
        }
        LOG.error("A REST call failed: {}", Redaction.trace(cause));
        return new Problem(500, "Error.Request.Unknown", "Internal error.");
    }

    private String name(String parameter, String what) {
        return checked(exchange.pathParameter(parameter), what);
    }

    public static String checked(String name, String what) {
        return checked(name, what, NAME_LIMIT);
    }

    protected static String checked(String name, String what, int limit) {
        if (!GivenName.isValid(name, limit)) {
            throw new Problem(
                    400,
                    INVALID,
                    "Invalid " + what + ". A valid " + what + " is between 1 and " + limit
                            + " characters long and not only white space.");
        }
        return name;
    }

    /** The refusal of one part of the request, which it names. */
    public static Problem invalid(String part, String message) {
        return Problem.about(part, 400, INVALID, message);
    }
}
