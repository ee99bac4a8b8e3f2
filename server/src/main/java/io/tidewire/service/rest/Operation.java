package io.tidewire.service.rest;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One line of the API: what the router needs, and what the published OpenAPI says.
 *
 * @param <C> a call of the service
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
public record Operation<C>(
        HttpMethod method,
        String template,
        String id,
        String summary,
        List<QueryParameter> query,
        Body body,
        Map<String, String> responses,
        Action<C> action,
        boolean anonymous,
        List<Alias> aliases) {

    /** Does the work of an operation; answers through the call. */
    @FunctionalInterface
    public interface Action<C> {
        void run(C call);
    }

    /** Another way to say the same. */
    public record Alias(HttpMethod method, String template) {}

    /**
     * A parameter of the query.
     *
     * @param bounds what the vendor's document says of a number: {@code minimum}, {@code maximum}, {@code default}
     */
    public record QueryParameter(
            String name, String type, boolean required, boolean repeated, Map<String, Integer> bounds) {
        public static final QueryParameter EXCLUDED = new QueryParameter("excluded", "string", false, true, Map.of());
        public static final QueryParameter REASON = text("reason");
        public static final QueryParameter TTL = number("ttl", Map.of());
        public static final QueryParameter APPLICATION = text("application");
        public static final QueryParameter API_VERSION =
                new QueryParameter("api-version", "string", true, false, Map.of());

        public static QueryParameter text(String name) {
            return new QueryParameter(name, "string", false, false, Map.of());
        }

        /** May be there several times. */
        public static QueryParameter texts(String name) {
            return new QueryParameter(name, "string", false, true, Map.of());
        }

        public static QueryParameter number(String name, Map<String, Integer> bounds) {
            return new QueryParameter(name, "integer", false, false, bounds);
        }

        public static QueryParameter flag(String name) {
            return new QueryParameter(name, "boolean", false, false, Map.of());
        }
    }

    public static <C> Operation<C> of(HttpMethod method, String template, String id, String summary, Action<C> action) {
        return new Operation<>(method, template, id, summary, List.of(), Body.NONE, Map.of(), action, false, List.of());
    }

    /** The vendor's health probe sends no token. */
    public Operation<C> withoutToken() {
        return new Operation<>(method, template, id, summary, query, body, responses, action, true, aliases);
    }

    /** With these parameters, each in the place of one of the same name. */
    public Operation<C> query(QueryParameter... more) {
        var all = new ArrayList<>(query);
        for (QueryParameter parameter : more) {
            all.removeIf(other -> other.name().equals(parameter.name()));
            all.add(parameter);
        }
        return new Operation<>(method, template, id, summary, all, body, responses, action, anonymous, aliases);
    }

    public Operation<C> body(Body what) {
        return new Operation<>(method, template, id, summary, query, what, responses, action, anonymous, aliases);
    }

    public Operation<C> answers(String status, String description) {
        var all = new LinkedHashMap<>(responses);
        all.put(status, description);
        return new Operation<>(method, template, id, summary, query, body, all, action, anonymous, aliases);
    }

    public Operation<C> alias(HttpMethod otherMethod, String otherTemplate) {
        var all = new ArrayList<>(aliases);
        all.add(new Alias(otherMethod, otherTemplate));
        return new Operation<>(method, template, id, summary, query, body, responses, action, anonymous, all);
    }

    public Operation<C> alias(String otherTemplate) {
        return alias(method, otherTemplate);
    }

    /** Whether both answer the same requests. */
    public boolean isAt(Operation<?> other) {
        return method.equals(other.method) && template.equals(other.template);
    }

    /** Sorted, for printing. */
    Map<String, String> sortedResponses() {
        return new TreeMap<>(responses);
    }
}
