package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.ApiVersions;
import io.tidewire.http.Budget;
import io.tidewire.http.EventLoops;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.HttpListener;
import io.tidewire.http.HttpObserver;
import io.tidewire.http.HttpSettings;
import io.tidewire.http.ListenSettings;
import io.tidewire.http.NetworkSettings;
import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.RawHttp;
import io.tidewire.http.Response;
import io.tidewire.http.Route;
import io.tidewire.http.Router;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A server for one session whose client sends with POST: {@code GET /events} opens a stream, {@code GET /polls} polls. */
final class PostedFixture implements AutoCloseable {
    private final WebSocketSettings settings;
    private final LongPollingSettings clocks;
    private final Session session;
    private final Budget budget = new Budget(Long.MAX_VALUE);
    private final EventLoops loops = new EventLoops(new NetworkSettings(NetworkSettings.Transport.AUTO, 2, 0));
    private final HttpListener listener;
    private final CompletableFuture<PostedWire> wire = new CompletableFuture<>();

    PostedFixture(WebSocketSettings settings, LongPollingSettings clocks, Session session) {
        this.settings = settings;
        this.clocks = clocks;
        this.session = session;
        listener = new HttpListener(
                        "test.listen",
                        new ListenSettings("127.0.0.1", 0),
                        HttpSettings.DEFAULT,
                        new Router(
                                List.of(
                                        route(HttpMethod.GET, "/events", this::stream),
                                        route(HttpMethod.GET, "/polls", this::poll),
                                        route(HttpMethod.POST, "/", this::post),
                                        route(HttpMethod.DELETE, "/", this::delete)),
                                ApiVersions.NONE,
                                ProblemFormat.PLAIN_TEXT),
                        loops,
                        budget,
                        HttpObserver.NONE)
                .start();
    }

    private static Route route(HttpMethod method, String path, Handler handler) {
        return new Route(method, path, Set.of(), method + path, Set.of(), ProblemFormat.PLAIN_TEXT, handler);
    }

    RawHttp connect() {
        return RawHttp.connect(address());
    }

    InetSocketAddress address() {
        return listener.address();
    }

    /** On the loop of the wire. */
    void onWire(Consumer<PostedWire> work) {
        PostedWire opened = wire.orTimeout(5, TimeUnit.SECONDS).join();
        opened.loop().execute(() -> work.accept(opened));
    }

    Budget budget() {
        return budget;
    }

    private void stream(Exchange exchange) {
        EventStreamWire.open(exchange, UnaryOperator.identity(), listening(), settings, budget);
    }

    private void poll(Exchange exchange) {
        if (wire.isDone()) {
            onWire(opened -> ((LongPollingWire) opened).poll(exchange, UnaryOperator.identity()));
        } else {
            LongPollingWire.open(exchange, UnaryOperator.identity(), listening(), clocks, settings, budget);
        }
    }

    private void post(Exchange exchange) {
        onWire(opened -> opened.receive(exchange, Response.of(200), new Problem(404, "Gone", "gone")));
    }

    private void delete(Exchange exchange) {
        onWire(opened -> {
            ((LongPollingWire) opened).terminate();
            exchange.respond(Response.of(202));
        });
    }

    /** The session, whose wire the later requests go to. */
    private Session listening() {
        return new Session() {
            @Override
            public void onOpen(Wire opened) {
                wire.complete((PostedWire) opened);
                session.onOpen(opened);
            }

            @Override
            public void onMessage(ByteBuf payload, boolean binary) {
                session.onMessage(payload, binary);
            }

            @Override
            public void onOverflow() {
                session.onOverflow();
            }

            @Override
            public void onClosed(WireEnd end) {
                session.onClosed(end);
            }
        };
    }

    @Override
    public void close() {
        listener.close();
        loops.close();
        assertThat(budget.used()).as("bytes still counted").isZero();
    }
}
