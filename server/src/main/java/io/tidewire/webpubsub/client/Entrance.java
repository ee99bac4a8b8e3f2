package io.tidewire.webpubsub.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Hub;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step in: membership of the hub and of the groups that the client comes with. They are in place before the client hears that it
 * is connected, because what an application sends to them as soon as it knows of the client is meant for it. What the client says before
 * that is kept, and nothing more is read. Confined to the client's loop.
 */
final class Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

    private record Early(ByteBuf payload, boolean binary) {}

    private final ClientSession session;
    /** Null while there is nothing: hardly any client speaks so early. */
    private @Nullable ArrayDeque<Early> early;

    Entrance(ClientSession session) {
        this.session = session;
    }

    void join(Connection connection, List<String> groups, Hub hub, EventLoop loop) {
        hub.open(connection, loop)
                .thenCompose(opened -> opened ? joinAll(connection, groups, hub) : refused())
                .whenComplete((_, failure) -> {
                    if (loop.inEventLoop()) {
                        entered(failure);
                    } else {
                        loop.execute(() -> entered(failure));
                    }
                });
    }

    private static CompletableFuture<Void> joinAll(Connection connection, List<String> groups, Hub hub) {
        Audience self = Audience.connection(connection.id());
        return CompletableFuture.allOf(groups.stream()
                .map(group -> hub.join(self, group).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private static CompletableFuture<Void> refused() {
        return CompletableFuture.failedFuture(new IllegalStateException("the id is taken"));
    }

    private void entered(Throwable failure) {
        if (!session.isEntering()) {
            return;
        }
        if (failure != null) {
            LOG.warn("Connection {} could not be opened: {}", session.connectionId(), failure.toString());
            session.fail();
            return;
        }
        session.admit();
        while (early != null && !early.isEmpty()) {
            Early message = early.remove();
            try {
                session.onMessage(message.payload, message.binary);
            } finally {
                message.payload.release();
            }
        }
    }

    void keep(ByteBuf payload, boolean binary) {
        if (early == null) {
            early = new ArrayDeque<>(2);
        }
        early.add(new Early(payload.copy(), binary));
    }

    /** The client does not come in. */
    void close() {
        while (early != null && !early.isEmpty()) {
            early.remove().payload.release();
        }
    }
}
