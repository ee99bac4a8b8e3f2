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

    /** GET and HEAD for each page. */
    public static List<Route> routes(Readiness readiness, Metrics metrics) {
        return List.of(
                get("/", "AdminIndex", page(() -> Response.text(200, INDEX))),
                get("/livez", "AdminLive", page(() -> Response.text(200, "alive"))),
                get("/readyz", "AdminReady", page(() -> ready(readiness))),
                get("/metrics", "AdminMetrics", new MetricsPage(metrics::scrape)),
                head("/", "AdminIndexHead", page(() -> withoutBody(Response.text(200, INDEX)))),
                head("/livez", "AdminLiveHead", page(() -> withoutBody(Response.text(200, "alive")))),
                head("/readyz", "AdminReadyHead", page(() -> withoutBody(ready(readiness)))),
                head("/metrics", "AdminMetricsHead", exchange -> exchange.respond(MetricsPage.answer(""))));
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

    private static Response withoutBody(Response response) {
        return new Response(response.status(), response.headers(), new byte[0]);
    }

    private static Route get(String path, String operation, Handler handler) {
        return route(HttpMethod.GET, path, operation, handler);
    }

    private static Route head(String path, String operation, Handler handler) {
        return route(HttpMethod.HEAD, path, operation, handler);
    }

    private static Route route(HttpMethod method, String path, String operation, Handler handler) {
        return new Route(method, path, Set.of(), operation, Set.of(), ProblemFormat.PLAIN_TEXT, handler);
    }
}
