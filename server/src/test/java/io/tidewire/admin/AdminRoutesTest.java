package io.tidewire.admin;

import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.HEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;
import io.tidewire.http.Route;
import io.tidewire.observe.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminRoutesTest {
    private final Metrics metrics = new Metrics("1.2.3");
    private final AtomicBoolean signalr = new AtomicBoolean();
    private final AtomicBoolean admin = new AtomicBoolean(true);
    private final List<Route> routes = AdminRoutes.routes(new Readiness(checks()), metrics);

    @AfterEach
    void close() {
        metrics.close();
    }

    private Map<String, BooleanSupplier> checks() {
        var checks = new LinkedHashMap<String, BooleanSupplier>();
        checks.put("signalr listener", signalr::get);
        checks.put("admin listener", admin::get);
        return checks;
    }

    @Test
    void aliveWhateverIsNotReady() {
        assertThat(answer(GET, "/livez").status()).isEqualTo(200);
        assertThat(text(answer(GET, "/livez"))).isEqualTo("alive");
        assertThat(header(answer(GET, "/livez"), "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void readyOnceEverythingIs() {
        assertThat(answer(GET, "/readyz").status()).isEqualTo(503);
        assertThat(text(answer(GET, "/readyz"))).isEqualTo("not ready: signalr listener");

        signalr.set(true);
        assertThat(answer(GET, "/readyz").status()).isEqualTo(200);
        assertThat(text(answer(GET, "/readyz"))).isEqualTo("ready");

        signalr.set(false);
        admin.set(false);
        assertThat(text(answer(GET, "/readyz"))).isEqualTo("not ready: signalr listener\nnot ready: admin listener");
    }

    @Test
    void aCheckThatFailsIsNotReady() {
        var readiness = new Readiness(Map.of("backplane", () -> {
            throw new IllegalStateException("closed");
        }));

        assertThat(readiness.missing()).containsExactly("backplane");
    }

    @Test
    void metricsInTheFormatOfPrometheus() {
        metrics.observer("signalr").opened("chat");

        Response answer = answer(GET, "/metrics");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        assertThat(text(answer)).contains("tidewire_connections{hub=\"chat\",service=\"signalr\"} 1.0\n");
    }

    @Test
    void metricsAreCollectedOffTheEventLoop() {
        assertThat(new FakeExchange(route(GET, "/metrics"))
                        .handle()
                        .answeredOn()
                        .isVirtual())
                .isTrue();
    }

    @Test
    void scrapesAtOnceAreBounded() {
        var release = new CountDownLatch(1);
        var page = new MetricsPage(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "late";
        });
        var route = new Route(GET, "/metrics", Set.of(), "AdminMetrics", Set.of(), ProblemFormat.PLAIN_TEXT, page);
        List<FakeExchange> running = IntStream.range(0, MetricsPage.MAX_AT_ONCE)
                .mapToObj(i -> new FakeExchange(route).handle())
                .toList();

        Response refused = new FakeExchange(route).handle().answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(text(refused)).isEqualTo("4 scrapes are running already; try again");
        assertThat(running).noneMatch(FakeExchange::isAnswered);

        release.countDown();
        assertThat(running).allSatisfy(one -> assertThat(text(one.answer())).isEqualTo("late"));
        await().untilAsserted(() ->
                assertThat(new FakeExchange(route).handle().answer().status()).isEqualTo(200));
    }

    @Test
    void aScrapeThatFailsIsAnswered() {
        var page = new MetricsPage(() -> {
            throw new IllegalStateException("inner secrets");
        });
        var route = new Route(GET, "/metrics", Set.of(), "AdminMetrics", Set.of(), ProblemFormat.PLAIN_TEXT, page);

        Response answer = new FakeExchange(route).handle().answer();

        assertThat(answer.status()).isEqualTo(500);
        assertThat(text(answer)).isEqualTo("The metrics could not be collected");
    }

    @Test
    void headIsAnsweredAsGetIsAndTheListenerLeavesTheBodyOut() {
        for (String path : List.of("/", "/livez", "/readyz", "/metrics")) {
            Response get = answer(GET, path);
            Response head = answer(HEAD, path);
            assertThat(head.status()).as(path).isEqualTo(get.status());
            assertThat(head.headers()).as(path).isEqualTo(get.headers());
        }
        assertThat(routes).hasSize(8);
    }

    @Test
    void theIndexNamesEveryPage() {
        assertThat(text(answer(GET, "/"))).contains("/livez", "/readyz", "/metrics");
    }

    private Route route(HttpMethod method, String path) {
        return routes.stream()
                .filter(route ->
                        route.method().equals(method) && route.template().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private Response answer(HttpMethod method, String path) {
        return new FakeExchange(route(method, path)).handle().answer();
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String header(Response response, String name) {
        return response.headers().stream()
                .filter(header -> header.getKey().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
