package io.tidewire.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.RouteTree.Endpoint;
import io.tidewire.http.RouteTree.Operation;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The route table of one listener: finds the operation for a request, or says why there is none. A path is split before it is decoded, and
 * each segment is decoded once. Literal segments beat parameters and are compared without regard to ASCII case; a slash at the end
 * changes nothing; a parameter is never empty, {@code .} or {@code ..}. Immutable; any thread.
 */
public final class Router {
    private final List<Route> routes;
    private final VersionRule versions;
    private final ProblemFormat problems;
    private final RouteTree tree = new RouteTree();

    /**
     * Builds the table.
     *
     * @param versions the api-versions of the listener; {@link ApiVersions#NONE} when no route has any
     * @param problems how errors are written where no route's format applies
     * @throws IllegalArgumentException when a template is malformed, a route names a version that the listener does not have, or two
     *     routes answer the same request
     */
    public Router(List<Route> routes, ApiVersions versions, ProblemFormat problems) {
        this.routes = List.copyOf(routes);
        this.versions = new VersionRule(versions);
        this.problems = problems;
        for (Route route : routes) {
            if (!versions.supported().containsAll(route.versions())) {
                throw new IllegalArgumentException(
                        "Operation " + route.operationId() + " has an api-version that its listener does not have");
            }
            tree.add(route);
        }
    }

    /** The table, in the order in which it was given. */
    public List<Route> routes() {
        return routes;
    }

    /** How errors are written where no route's format applies. */
    public ProblemFormat problems() {
        return problems;
    }

    sealed interface Match permits Found, Refused {}

    record Found(Operation operation, PathSegments path) implements Match {
        /**
         * The decoded value of a template parameter.
         *
         * @throws IllegalArgumentException when the template has no such parameter: a fault of the handler
         */
        String parameter(String name) {
            Integer index = operation.parameters().get(name);
            String value = index == null ? null : path.get(index);
            if (value == null) {
                throw new IllegalArgumentException(
                        "The template " + operation.route().template() + " has no parameter " + name);
            }
            return value;
        }
    }

    record Refused(Problem problem, ProblemFormat format) implements Match {}

    Match match(HttpMethod method, String rawPath, Query query, HttpHeaders headers, boolean hasBody) {
        PathSegments path = PathSegments.parse(rawPath, tree.depth());
        Endpoint endpoint = path == null ? null : tree.find(path, method);
        if (path == null || endpoint == null) {
            boolean unreadable = path != null && !path.readable();
            return new Refused(unreadable ? Refusals.badPathEncoding() : Refusals.notFound(), problems);
        }
        if (!path.readable()) {
            return new Refused(Refusals.badPathEncoding(), endpoint.problems());
        }
        if (!path.named()) {
            return new Refused(Refusals.badSegment(), endpoint.problems());
        }
        List<Operation> operations = endpoint.operations(method);
        if (operations.isEmpty()) {
            return new Refused(Refusals.methodNotAllowed(endpoint.allowed()), endpoint.problems());
        }
        ProblemFormat format = operations.getFirst().route().problems();
        try {
            Operation operation = ofVersion(operations, query);
            if (operation == null) {
                return new Refused(versionRefusal(operations, query), format);
            }
            if (!accepts(operation.mediaTypes(), headers, hasBody)) {
                Route route = operation.route();
                return new Refused(Refusals.mediaType(route.consumes()), route.problems());
            }
            return new Found(operation, path);
        } catch (Problem problem) {
            return new Refused(problem, format);
        }
    }

    /** How an error about this path is written, when it is one that came up before routing. */
    ProblemFormat problemsAt(String rawPath) {
        PathSegments path = PathSegments.parse(rawPath, tree.depth());
        Endpoint endpoint = path == null ? null : tree.find(path, HttpMethod.GET);
        return endpoint == null ? problems : endpoint.problems();
    }

    private @Nullable Operation ofVersion(List<Operation> operations, Query query) {
        Operation only = operations.getFirst();
        if (operations.size() == 1 && only.route().versions().isEmpty()) {
            return only;
        }
        String version = versions.meant(query);
        Operation unversioned = null;
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            Set<String> its = operation.route().versions();
            if (its.isEmpty()) {
                unversioned = operation;
            } else if (version != null && its.contains(version)) {
                return operation;
            }
        }
        return unversioned;
    }

    private Problem versionRefusal(List<Operation> operations, Query query) {
        if (versions.meant(query) == null) {
            return versions.refusal();
        }
        // A version of the listener, but one without this operation: what helps is to know which have it.
        var having = new TreeSet<String>();
        operations.forEach(operation -> having.addAll(operation.route().versions()));
        return Refusals.apiVersion(versions.parameter(), having);
    }

    private static boolean accepts(Set<String> accepted, HttpHeaders headers, boolean hasBody) {
        if (accepted.isEmpty()) {
            return true;
        }
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null) {
            return !hasBody || accepted.contains("application/json");
        }
        int parameters = type.indexOf(';');
        String bare = parameters < 0 ? type : type.substring(0, parameters);
        return accepted.contains(Ascii.lower(bare.strip()));
    }
}
