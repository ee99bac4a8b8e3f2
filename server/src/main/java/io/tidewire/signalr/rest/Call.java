package io.tidewire.signalr.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.filter.InvalidFilter;
import io.tidewire.filter.ODataFilter;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Redaction;
import io.tidewire.http.Response;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Filter;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Overloaded;
import io.tidewire.service.access.HubName;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.signalr.protocol.ServerMessage;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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

/** One REST call, read in the service's words. Every reader checks what it reads and throws {@link Problem}. */
final class Call {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    static final String INVALID = "Error.Request.Invalid";
    private static final int NAME_LIMIT = 1024;
    private static final int STREAM_ID_LIMIT = 100;

    private final Exchange exchange;
    private final Service service;

    Call(Exchange exchange, Service service) {
        this.exchange = exchange;
        this.service = service;
    }

    Hub hub() {
        return service.hubs()
                .named(HubName.of(
                        exchange.pathParameter("hub"), exchange.query().first("application")));
    }

    String group() {
        return name("group", "group name");
    }

    /** Version 1.0 calls the same parameter {@code id} on one path. */
    String user(String parameter) {
        return name(parameter, "user id");
    }

    /** The user that the query names; null when it names none, or an empty one. */
    @Nullable
    String queryUser(String parameter) {
        String user = exchange.query().first(parameter);
        return user == null || user.isEmpty() ? null : checked(user, "user id");
    }

    String connectionId() {
        return name("connectionId", "connection id");
    }

    /** A deprecated comma-separated list, each name once. */
    Set<String> list(String parameter, String what) {
        var names = new LinkedHashSet<String>();
        for (String name : exchange.pathParameter(parameter).split(",", -1)) {
            names.add(checked(name, what));
        }
        return names;
    }

    Set<String> excluded() {
        return Set.copyOf(exchange.query().all("excluded"));
    }

    Disconnect closeByApplication() {
        String reason = exchange.query().first("reason");
        return Disconnect.byApplication(reason == null || reason.isEmpty() ? null : reason);
    }

    /** The lifetime of a membership: null for none given, zero for "only those connected now". */
    @Nullable
    Duration ttl() {
        String ttl = exchange.query().first("ttl");
        if (ttl == null) {
            return null;
        }
        int seconds;
        try {
            seconds = Integer.parseInt(ttl);
        } catch (NumberFormatException notANumber) {
            throw invalidTtl();
        }
        if (seconds < 0) {
            throw invalidTtl();
        }
        return Duration.ofSeconds(seconds);
    }

    /** Which connections are meant; null for all. */
    @Nullable
    Filter filter() {
        List<String> filters = exchange.query().all("filter");
        if (filters.isEmpty() || (filters.size() == 1 && filters.getFirst().isEmpty())) {
            return null;
        }
        if (filters.size() > 1) {
            throw new Problem(400, INVALID, "There are several filters where one is expected. (Parameter 'filter')");
        }
        try {
            return ODataFilter.of(filters.getFirst());
        } catch (InvalidFilter invalid) {
            throw new Problem(400, INVALID, "Invalid filter. " + invalid.message() + ". (Parameter 'filter')");
        }
    }

    /** A whole number of the query; {@code absent} when it is not there. */
    int number(String parameter, int min, int max, int absent) {
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
        throw new Problem(
                400, INVALID, "Invalid " + parameter + ". It is a whole number between " + min + " and " + max + ".");
    }

    /** Where callers and clients find this server, without a slash at the end. */
    String endpoint() {
        return service.publicEndpoint() == null
                ? exchange.baseUrl()
                : service.publicEndpoint().toString();
    }

    /** The id after which a listing goes on; null for its beginning. */
    @Nullable
    String continuation() {
        String token = exchange.query().first("continuationToken");
        return token == null ? null : ContinuationToken.read(token);
    }

    /** An absolute link to this operation, in the same version and for the same application, with another query. */
    String linkToItself(Map<String, String> query) {
        var all = new LinkedHashMap<>(query);
        String application = exchange.query().first("application");
        if (application != null) {
            all.put("application", application);
        }
        exchange.route().versions().forEach(version -> all.put("api-version", version));
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

    TokenIssuer tokens() {
        return service.tokens();
    }

    /** The stream of a client, by the id under which it asked (at most 100 characters, as in the vendor's document). */
    String streamId() {
        return checked(exchange.pathParameter("streamId"), "stream id", STREAM_ID_LIMIT);
    }

    /** Why a stream ends: the document says {@code reason}, the vendor's SDK {@code error}; null when it ends in order. */
    @Nullable
    String streamError() {
        String reason = exchange.query().first("reason");
        String error = reason == null || reason.isEmpty() ? exchange.query().first("error") : reason;
        return error == null || error.isEmpty() ? null : error;
    }

    /** A yes or no of the query in any letter case; no when it is not there. */
    boolean flag(String parameter) {
        String text = exchange.query().first(parameter);
        return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false", "" -> false;
            default -> throw new Problem(400, INVALID, "Invalid " + parameter + ". It is true or false.");
        };
    }

    /** The body as bytes that must be there. */
    byte[] json(String what) {
        byte[] json = ByteBufUtil.getBytes(exchange.body());
        if (json.length == 0) {
            throw new Problem(400, INVALID, what + " in request body is required.");
        }
        return json;
    }

    /** The body as one JSON value. */
    byte[] item() {
        byte[] json = json("Message");
        try {
            JsonScanner.checkItem(json);
        } catch (ProtocolViolation violation) {
            throw new Problem(400, INVALID, "The request body is not valid. " + violation.message() + ".");
        }
        return json;
    }

    /** How long a client may take to answer. */
    Duration invocationTimeout() {
        return service.invocationTimeout();
    }

    /** What is done when the caller leaves without waiting for its answer. */
    void onGone(Runnable action) {
        exchange.onGone(action);
    }

    private static Problem invalidTtl() {
        return new Problem(
                400, INVALID, "Invalid ttl. It is a number of seconds between 0 and " + Integer.MAX_VALUE + ".");
    }

    ServerMessage message() {
        String contentType = exchange.headers().get("Content-Type", "application/json");
        return PayloadMessage.read(contentType, exchange.body());
    }

    void answer(Response response) {
        exchange.respond(response);
    }

    void answer(int status) {
        exchange.respond(Response.of(status));
    }

    /** Answers with this status once the work is done. */
    void answer(int status, CompletionStage<?> work) {
        answer(work, _ -> Response.of(status));
    }

    /** Answers what the result says, or with the problem that {@code answer} throws. */
    <T> void answer(CompletionStage<T> work, Function<T, Response> answer) {
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
        if (cause instanceof CancellationException) {
            return new Problem(499, "Error.Request.Canceled", "The caller did not wait for the answer.");
        }
        LOG.error("A REST call failed: {}", Redaction.trace(cause));
        return new Problem(500, "Error.Request.Unknown", "Internal error.");
    }

    private String name(String parameter, String what) {
        return checked(exchange.pathParameter(parameter), what);
    }

    static String checked(String name, String what) {
        return checked(name, what, NAME_LIMIT);
    }

    private static String checked(String name, String what, int limit) {
        if (name.length() > limit || name.chars().allMatch(Call::isWhite)) {
            throw new Problem(
                    400,
                    INVALID,
                    "Invalid " + what + ". A valid " + what + " is between 1 and " + limit
                            + " characters long and not only white space.");
        }
        return name;
    }

    /** The no-break spaces, too, which {@link String#isBlank} does not count. */
    private static boolean isWhite(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
