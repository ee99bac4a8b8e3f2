package io.tidewire.webpubsub.rest;

import io.tidewire.hub.Answer;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Dialect;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Frame;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Link;
import io.tidewire.hub.Message;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member of a hub that takes messages as they are, so that a test sees all that was sent. */
final class Receiver implements Link {
    private record Whole(Message message) implements Frame {
        @Override
        public int size() {
            return message.size();
        }

        @Override
        public void retain() {}

        @Override
        public void release() {}
    }

    private record AsItIs(String name) implements Dialect {
        @Override
        public int index() {
            return 15;
        }

        @Override
        public Frame encode(Message message) {
            return new Whole(message);
        }
    }

    private final BlockingQueue<ServiceMessage> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Disconnect> closed = new CompletableFuture<>();
    private final Hub hub;
    private final Executor loop;
    private final Connection connection;

    /** Joins the hub on the loop; null for no user. */
    Receiver(Hub hub, Executor loop, String id, @Nullable String user, String protocol) {
        this.hub = hub;
        this.loop = loop;
        this.connection = new Connection(id, user, new AsItIs(protocol), this);
        CompletableFuture.supplyAsync(() -> hub.open(connection, loop), loop)
                .thenCompose(opened -> opened)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void deliver(Frame frame) {
        messages.add((ServiceMessage) ((Whole) frame).message());
    }

    @Override
    public int ask(Message question, CompletableFuture<Answer> answer) {
        throw new UnsupportedOperationException();
    }

    /** Leaves at once, as a client that is told to. */
    @Override
    public void close(Disconnect why) {
        hub.leave(connection, loop, why);
        closed.complete(why);
    }

    ServiceMessage next() {
        try {
            ServiceMessage message = messages.poll(10, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came");
            }
            return message;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Nothing more has come so far. Send something that it gets for certain, and take that, before. */
    boolean hasNothing() {
        return messages.isEmpty();
    }

    Disconnect end() {
        return closed.orTimeout(10, TimeUnit.SECONDS).join();
    }

    boolean isThere() {
        return !closed.isDone();
    }
}
