package io.tidewire.signalr.rest;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One line of the API: what the router needs, and what the published OpenAPI says.
 *
 * @param method the method
 * @param template the path
 * @param id the vendor's operation id
 * @param summary one sentence
 * @param query the query parameters
 * @param body what the body is
 * @param responses description by status; {@code default} for ErrorDetail
 * @param action what it does
 * @param anonymous answered without a token
 * @param aliases the same operation under other paths or methods, which callers in the field use
 */
record Operation(
        HttpMethod method,
        String template,
        String id,
        String summary,
        List<QueryParameter> query,
        Body body,
        Map<String, String> responses,
        Action action,
        boolean anonymous,
        List<Alias> aliases) {

    /** Does the work of an operation; answers through the call. */
    @FunctionalInterface
    interface Action {
        void run(Call call);
    }

    /** Another way to say the same. */
    record Alias(HttpMethod method, String template) {}

    /**
     * A parameter of the query.
     *
     * @param bounds what the vendor's document says of a number: {@code minimum}, {@code maximum}, {@code default}
     */
    record QueryParameter(String name, String type, boolean required, boolean repeated, Map<String, Integer> bounds) {
        static final QueryParameter EXCLUDED = new QueryParameter("excluded", "string", false, true, Map.of());
        static final QueryParameter REASON = text("reason");
        static final QueryParameter TTL = number("ttl", Map.of());
        static final QueryParameter APPLICATION = text("application");
        static final QueryParameter API_VERSION = new QueryParameter("api-version", "string", true, false, Map.of());

        static QueryParameter text(String name) {
            return new QueryParameter(name, "string", false, false, Map.of());
        }

        static QueryParameter number(String name, Map<String, Integer> bounds) {
            return new QueryParameter(name, "integer", false, false, bounds);
        }

        static QueryParameter flag(String name) {
            return new QueryParameter(name, "boolean", false, false, Map.of());
        }
    }

    /** What the body of an operation is. */
    enum Body {
        /** It is not looked at. */
        NONE,
        /** A target and its arguments as JSON: all that the oldest version takes. */
        JSON_INVOCATION,
        /** A target and its arguments. */
        INVOCATION,
        /** A list of commands. */
        COMMANDS;

        Set<String> mediaTypes() {
            return switch (this) {
                case NONE -> Set.of();
                case JSON_INVOCATION, COMMANDS -> Set.of("application/json");
                case INVOCATION -> Set.of("application/json", "application/x-msgpack", "application/octet-stream");
            };
        }
    }

    /** Whether clients may be sent something by it, which the quota of messages is for. */
    boolean carriesMessages() {
        return body != Body.NONE;
    }

    static Operation of(HttpMethod method, String template, String id, String summary, Action action) {
        return new Operation(method, template, id, summary, List.of(), Body.NONE, Map.of(), action, false, List.of());
    }

    /** The vendor's health probe sends no token. */
    Operation withoutToken() {
        return new Operation(method, template, id, summary, query, body, responses, action, true, aliases);
    }

    Operation query(QueryParameter... more) {
        var all = new ArrayList<>(query);
        all.addAll(List.of(more));
        return new Operation(method, template, id, summary, all, body, responses, action, anonymous, aliases);
    }

    Operation body(Body what) {
        return new Operation(method, template, id, summary, query, what, responses, action, anonymous, aliases);
    }

    Operation answers(String status, String description) {
        var all = new LinkedHashMap<>(responses);
        all.put(status, description);
        return new Operation(method, template, id, summary, query, body, all, action, anonymous, aliases);
    }

    Operation alias(HttpMethod otherMethod, String otherTemplate) {
        var all = new ArrayList<>(aliases);
        all.add(new Alias(otherMethod, otherTemplate));
        return new Operation(method, template, id, summary, query, body, responses, action, anonymous, all);
    }

    Operation alias(String otherTemplate) {
        return alias(method, otherTemplate);
    }

    /** Whether both answer the same requests. */
    boolean isAt(Operation other) {
        return method.equals(other.method) && template.equals(other.template);
    }

    /** Sorted, for printing. */
    Map<String, String> sortedResponses() {
        return new TreeMap<>(responses);
    }
}
