package io.tidewire.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import java.util.ArrayDeque;
import java.util.Queue;

/** What a client sends with requests of their own, in order. On the client's loop. */
final class Posts {
    /** Whom the messages are for; must not throw. */
    interface Receiver {
        void deliver(ByteBuf payload, boolean binary);
    }

    private record Post(Exchange exchange, Response taken, Problem gone) {
        void refuse() {
            exchange.respond(gone);
        }
    }

    private final EventLoop loop;
    private final Receiver receiver;
    private final Queue<Post> waiting = new ArrayDeque<>(1);
    private boolean paused;
    private boolean ended;

    Posts(EventLoop loop, Receiver receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    /** See {@link PostedWire#receive}. The body belongs to the request, which holds it until it is answered. */
    void receive(Exchange exchange, Response taken, Problem gone) {
        var post = new Post(exchange, taken, gone);
        if (ended) {
            post.refuse();
        } else {
            waiting.add(post);
            handOver();
            if (!waiting.isEmpty()) {
                exchange.onGone(() -> loop.execute(() -> forget(exchange)));
            }
        }
    }

    /** Who does not wait for the answer does not hold a body here either. */
    private void forget(Exchange exchange) {
        waiting.removeIf(post -> {
            boolean its = post.exchange.equals(exchange);
            if (its) {
                post.refuse();
            }
            return its;
        });
    }

    boolean paused() {
        return paused;
    }

    void pause() {
        paused = true;
    }

    /** In a task of its own: whoever resumes may be in the middle of something. */
    void resume() {
        paused = false;
        if (!waiting.isEmpty()) {
            loop.execute(this::handOver);
        }
    }

    void end() {
        ended = true;
        for (Post post = waiting.poll(); post != null; post = waiting.poll()) {
            post.refuse();
        }
    }

    private void handOver() {
        while (!paused && !ended) {
            Post post = waiting.poll();
            if (post == null) {
                return;
            }
            ByteBuf body = post.exchange.body();
            if (body.isReadable()) {
                receiver.deliver(body, isBinary(post.exchange));
            }
            post.exchange.respond(post.taken);
        }
    }

    private static boolean isBinary(Exchange exchange) {
        String type = exchange.headers().get(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        return !type.regionMatches(true, 0, "text/", 0, 5);
    }
}
