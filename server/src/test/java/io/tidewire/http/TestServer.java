package io.tidewire.http;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.NetworkSettings.Transport;
import io.tidewire.http.tls.Tls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener on a free port of this machine with the routes of one test, and a record of what it told its observer. */
final class TestServer implements AutoCloseable {
    static final ListenSettings ANYWHERE = new ListenSettings("127.0.0.1", 0);
    /** Marks answers in this format, to tell it from the default one. */
    static final ProblemFormat MARKED =
            problem -> ProblemFormat.PLAIN_TEXT.render(problem).with("X-Code", problem.code());

    final Recorder recorder = new Recorder();
    final EventLoops loops;
    final HttpListener listener;
    final Budget budget;

    TestServer(Route... routes) {
        this(Transport.AUTO, settings(1024 * 1024), routes);
    }

    TestServer(HttpSettings settings, Route... routes) {
        this(Transport.AUTO, settings, routes);
    }

    TestServer(Transport transport, HttpSettings settings, Route... routes) {
        this(transport, settings, new Budget(NetworkSettings.DEFAULT), routes);
    }

    TestServer(Transport transport, HttpSettings settings, Budget budget, Route... routes) {
        this.budget = budget;
        var router = new Router(List.of(routes), ApiVersions.NONE, ProblemFormat.PLAIN_TEXT);
        loops = new EventLoops(new NetworkSettings(transport, 2, 0));
        listener = new HttpListener("test.listen", ANYWHERE, settings, router, loops, budget, recorder).start();
    }

    TestServer(Tls tls, HttpSettings settings, Route... routes) {
        budget = new Budget(NetworkSettings.DEFAULT);
        var router = new Router(List.of(routes), ApiVersions.NONE, ProblemFormat.PLAIN_TEXT);
        loops = new EventLoops(new NetworkSettings(Transport.AUTO, 2, 0));
        listener = new HttpListener("test.listen", ANYWHERE, tls, settings, router, loops, budget, recorder).start();
    }

    static HttpSettings settings(int maxBodyBytes) {
        return new HttpSettings(
                1024,
                2048,
                512,
                maxBodyBytes,
                Duration.ofSeconds(20),
                Duration.ofMinutes(2),
                1000,
                0,
                0,
                Duration.ofSeconds(10),
                ProxySettings.NONE);
    }

    static HttpSettings settings(Duration requestTimeout, Duration idleTimeout) {
        return new HttpSettings(
                1024,
                2048,
                512,
                1024,
                requestTimeout,
                idleTimeout,
                1000,
                0,
                0,
                Duration.ofSeconds(10),
                ProxySettings.NONE);
    }

    static Route route(HttpMethod method, String template, Handler handler) {
        return new Route(method, template, Set.of(), method + " " + template, Set.of(), MARKED, handler);
    }

    static Route get(String template, Handler handler) {
        return route(HttpMethod.GET, template, handler);
    }

    /** Answers with what it was sent. */
    static Route echo() {
        return route(HttpMethod.POST, "/echo", exchange -> {
            byte[] body = new byte[exchange.body().readableBytes()];
            exchange.body().readBytes(body);
            exchange.respond(Response.of(200, "application/octet-stream", body));
        });
    }

    InetSocketAddress address() {
        return listener.address();
    }

    RawHttp connect() {
        return RawHttp.connect(address());
    }

    @Override
    public void close() {
        listener.close();
        loops.close();
    }

    static final class Recorder implements HttpObserver {
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger pauses = new AtomicInteger();
        final Queue<String> answered = new ConcurrentLinkedQueue<>();
        final Queue<String> refused = new ConcurrentLinkedQueue<>();

        @Override
        public void connectionOpened() {
            opened.incrementAndGet();
        }

        @Override
        public void connectionClosed() {
            closed.incrementAndGet();
        }

        @Override
        public void acceptingPaused() {
            pauses.incrementAndGet();
        }

        @Override
        public void answered(String operationId, int status, long nanos) {
            answered.add(operationId + " " + status);
        }

        @Override
        public void refused(String reason) {
            refused.add(reason);
        }

        List<String> refusals() {
            return new ArrayList<>(refused);
        }
    }
}
