package io.tidewire.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.AnswerStream;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Query;
import io.tidewire.http.Response;
import io.tidewire.http.Route;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A request without a socket: runs a route's handler and keeps its one answer. */
final class FakeExchange implements Exchange {
    private final Route route;
    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private final CompletableFuture<Thread> answeredOn = new CompletableFuture<>();

    FakeExchange(Route route) {
        this.route = route;
    }

    /** Handles the request on this thread; what is thrown becomes an answer, as in the server. */
    FakeExchange handle() {
        try {
            route.handler().handle(this);
        } catch (Problem problem) {
            respond(problem);
        }
        return this;
    }

    boolean isAnswered() {
        return answer.isDone();
    }

    Response answer() {
        return answer.orTimeout(10, TimeUnit.SECONDS).join();
    }

    Thread answeredOn() {
        return answeredOn.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void respond(Response response) {
        answeredOn.complete(Thread.currentThread());
        if (!answer.complete(response)) {
            throw new IllegalStateException("answered twice");
        }
    }

    @Override
    public void respond(Problem problem) {
        respond(route.problems().render(problem));
    }

    @Override
    public HttpMethod method() {
        return route.method();
    }

    @Override
    public String rawPath() {
        return route.template();
    }

    @Override
    public String rawQuery() {
        return "";
    }

    @Override
    public java.util.List<String> hosts() {
        throw new UnsupportedOperationException();
    }

    @Override
    public java.net.InetAddress remoteAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String baseUrl() {
        return "http://localhost";
    }

    @Override
    public String pathParameter(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Query query() {
        throw new UnsupportedOperationException();
    }

    @Override
    public HttpHeaders headers() {
        return new DefaultHttpHeaders();
    }

    @Override
    public ByteBuf body() {
        return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public Route route() {
        return route;
    }

    @Override
    public Channel channel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onGone(Runnable action) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AnswerStream stream(Response head, AnswerStream.Writer writer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void upgrade(Response response, Consumer<Channel> takeOver) {
        throw new UnsupportedOperationException();
    }
}
