package io.tidewire.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The templates of all routes as a tree with one level for each segment. At every level a literal is tried before the parameter; when
 * that leads nowhere, the parameter is. Built once, then only read.
 */
final class RouteTree {
    /** One route with the places of its parameters in the path. */
    record Operation(Route route, Map<String, Integer> parameters, Set<String> mediaTypes) {}

    /** What is at one path: for each method its operations, which differ in their api-versions. */
    static final class Endpoint {
        private final Map<HttpMethod, List<Operation>> methods = new HashMap<>();
        private final SortedSet<String> allowed = new TreeSet<>();
        private final ProblemFormat problems;

        private Endpoint(ProblemFormat problems) {
            this.problems = problems;
        }

        /** Empty when the method is not answered here. */
        List<Operation> operations(HttpMethod method) {
            return methods.getOrDefault(method, List.of());
        }

        SortedSet<String> allowed() {
            return allowed;
        }

        ProblemFormat problems() {
            return problems;
        }
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node parameter;
        private @Nullable Endpoint endpoint;

        private Node parameter() {
            Node node = parameter;
            if (node == null) {
                node = new Node();
                parameter = node;
            }
            return node;
        }
    }

    private final Node root = new Node();
    private int depth;

    /** Segments of the longest template. */
    int depth() {
        return depth;
    }

    /**
     * Adds a route.
     *
     * @throws IllegalArgumentException when the route contradicts itself or one that is there
     */
    void add(Route route) {
        List<String> segments = PathSegments.ofTemplate(route.template());
        depth = Math.max(depth, segments.size());
        var parameters = new HashMap<String, Integer>();
        Node node = root;
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (isParameter(segment)) {
                if (parameters.put(segment.substring(1, segment.length() - 1), i) != null) {
                    throw new IllegalArgumentException(
                            "The template " + route.template() + " has " + segment + " twice");
                }
                node = node.parameter();
            } else {
                if (segment.isEmpty() || segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0) {
                    throw new IllegalArgumentException("The template " + route.template()
                            + " has a segment that is neither a literal nor a parameter");
                }
                node = node.literals.computeIfAbsent(Ascii.lower(segment), _ -> new Node());
            }
        }
        Endpoint endpoint = node.endpoint;
        if (endpoint == null) {
            endpoint = new Endpoint(route.problems());
            node.endpoint = endpoint;
        }
        var mediaTypes = new HashSet<String>();
        route.consumes().forEach(type -> mediaTypes.add(Ascii.lower(type)));
        add(endpoint, new Operation(route, Map.copyOf(parameters), Set.copyOf(mediaTypes)));
    }

    private static void add(Endpoint endpoint, Operation operation) {
        Route route = operation.route();
        List<Operation> same = endpoint.methods.computeIfAbsent(route.method(), _ -> new ArrayList<>(1));
        for (Operation other : same) {
            Set<String> versions = other.route().versions();
            boolean clash = versions.isEmpty()
                    ? route.versions().isEmpty()
                    : versions.stream().anyMatch(route.versions()::contains);
            if (clash) {
                throw new IllegalArgumentException("Operations " + other.route().operationId() + " and "
                        + route.operationId() + " both answer " + route.method() + " " + route.template());
            }
        }
        same.add(operation);
        endpoint.allowed.add(route.method().name());
    }

    /** What answers the method at this path; failing that, what answers another one there; failing that, null. */
    @Nullable
    Endpoint find(PathSegments path, HttpMethod method) {
        Endpoint found = find(root, path, 0, method);
        return found != null ? found : find(root, path, 0, null);
    }

    // A null method stands for any.
    private static @Nullable Endpoint find(Node node, PathSegments path, int level, @Nullable HttpMethod method) {
        if (level == path.count()) {
            Endpoint endpoint = node.endpoint;
            return endpoint == null || (method != null && !endpoint.methods.containsKey(method)) ? null : endpoint;
        }
        String segment = path.get(level);
        // Where only a parameter stands, as for names and ids, nothing is looked up.
        Node literal = segment == null || node.literals.isEmpty() ? null : node.literals.get(Ascii.lower(segment));
        Endpoint found = literal == null ? null : find(literal, path, level + 1, method);
        if (found == null && node.parameter != null) {
            found = find(node.parameter, path, level + 1, method);
        }
        return found;
    }

    private static boolean isParameter(String segment) {
        return segment.length() > 2
                && segment.startsWith("{")
                && segment.indexOf('}') == segment.length() - 1
                && segment.lastIndexOf('{') == 0;
    }
}
