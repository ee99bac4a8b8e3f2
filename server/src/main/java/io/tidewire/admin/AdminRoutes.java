package io.tidewire.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.Handler;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;
import io.tidewire.http.Route;
import io.tidewire.observe.Metrics;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The routes of the admin listener. They ask for no credentials, which is why that listener is on loopback by default.
 */
public final class AdminRoutes {
    private static final String INDEX = """
            Tidewire admin
              /livez    the process answers
              /readyz   every listener accepts; otherwise 503 and what is missing
              /metrics  for Prometheus
            """;

    private AdminRoutes() {}

    /** GET and HEAD for each page; the listener leaves the body out where HEAD asked. */
    public static List<Route> routes(Readiness readiness, Metrics metrics) {
        return Stream.of(
                        routes("/", "AdminIndex", page(() -> Response.text(200, INDEX))),
                        routes("/livez", "AdminLive", page(() -> Response.text(200, "alive"))),
                        routes("/readyz", "AdminReady", page(() -> ready(readiness))),
                        routes("/metrics", "AdminMetrics", new MetricsPage(metrics::scrape)))
                .flatMap(List::stream)
                .toList();
    }

    private static Response ready(Readiness readiness) {
        List<String> missing = readiness.missing();
        return missing.isEmpty()
                ? Response.text(200, "ready")
                : Response.text(
                        503,
                        String.join(
                                "\n",
                                missing.stream()
                                        .map(name -> "not ready: " + name)
                                        .toList()));
    }

    /** The answer is asked for at each request, and what probes see must never come out of a cache. */
    private static Handler page(Supplier<Response> answer) {
        return exchange -> exchange.respond(answer.get().with("Cache-Control", "no-store"));
    }

    private static List<Route> routes(String path, String operation, Handler handler) {
        return Stream.of(HttpMethod.GET, HttpMethod.HEAD)
                .map(method ->
                        new Route(method, path, Set.of(), operation, Set.of(), ProblemFormat.PLAIN_TEXT, handler))
                .toList();
    }
}
