package io.tidewire.signalr.client;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Redaction;
import io.tidewire.http.Response;
import io.tidewire.hub.Audience;
import io.tidewire.service.client.Cors;
import io.tidewire.signalr.client.ClientAccess.Client;
import io.tidewire.transport.EventStreamWire;
import io.tidewire.transport.LongPollingWire;
import io.tidewire.transport.Session;
import io.tidewire.transport.Wire;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a request to the client whose id it names: such requests come on any connection, and a client stays on the loop of its first.
 * Answers what does not fit (reference D.2).
 */
final class Lookup {
    private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);

    /** Where a client with an id is. */
    sealed interface Place {}

    /** On a stream of events; seen on its loop. */
    record Stream(EventStreamWire wire) implements Place {}

    /** Polling; seen on its loop. */
    record Polls(LongPollingWire wire) implements Place {}

    /** On a WebSocket. */
    record WebSocket() implements Place {}

    /** Not here, or not any more. */
    record Nowhere() implements Place {}

    private final ClientAccess access;
    private final Cors cors;
    private final Commons commons;

    Lookup(ClientAccess access, Cors cors, Commons commons) {
        this.access = access;
        this.cors = cors;
        this.commons = commons;
    }

    /** Goes on where the client is; what is thrown there becomes the answer. */
    void find(Exchange exchange, Client client, String connectionId, Consumer<Place> then) {
        ClientSession session = commons.directory().find(client.hub().name(), connectionId);
        if (session != null) {
            on(session.loop(), exchange, () -> then.accept(place(session.transport())));
            return;
        }
        client.hub()
                .exists(Audience.connection(connectionId))
                .whenComplete((found, failure) -> guard(exchange, () -> {
                    if (failure != null) {
                        throw ClientAccess.notKnown();
                    }
                    then.accept(found ? new WebSocket() : new Nowhere());
                }));
    }

    /** As {@link #find(Exchange, Client, String, Consumer)}, of a request that sends or ends: whose token is in a header, for an id of any age. */
    void find(Exchange exchange, Consumer<Place> then) {
        guard(exchange, () -> {
            Client client = access.admit(exchange, false);
            find(exchange, client, access.known(exchange, client).connectionId(), then);
        });
    }

    private static Place place(@Nullable Wire wire) {
        return switch (wire) {
            case EventStreamWire stream -> new Stream(stream);
            case LongPollingWire polls -> new Polls(polls);
            case null, default -> new WebSocket();
        };
    }

    /**
     * Begins a client on the loop of this request.
     *
     * @param transport opens the session
     * @param elsewhere instead, when another request was faster
     */
    void open(
            Exchange exchange,
            Client client,
            ConnectionToken.Proven proven,
            Consumer<Session> transport,
            Runnable elsewhere) {
        if (proven.expired() || commons.directory().isRetired(client.hub().name(), proven.connectionId())) {
            throw access.unknown();
        }
        commons.quotas().checkConnect(client.claims().isDiagnostic());
        var loop = exchange.channel().eventLoop();
        on(loop, exchange, () -> {
            var session = new ClientSession(proven.connectionId(), client, false, loop, commons);
            if (!commons.directory().add(session)) {
                elsewhere.run();
                return;
            }
            try {
                transport.accept(session);
            } catch (RuntimeException failure) {
                commons.directory().remove(session);
                throw failure;
            }
        });
    }

    /** Does it, and answers with what it throws. */
    void guard(Exchange exchange, Runnable work) {
        try {
            work.run();
        } catch (Problem problem) {
            exchange.respond(uncached(exchange, cors.readable(exchange, problem)));
        } catch (RuntimeException failure) {
            LOG.error("{} failed: {}", exchange.route().operationId(), Redaction.trace(failure));
            exchange.respond(cors.readable(exchange, new Problem(500, "InternalError", "Internal error.")));
        }
    }

    /** An answer as this caller needs it. */
    Response dress(Exchange exchange, Response response) {
        return cors.decorate(exchange, response);
    }

    /** A problem as this caller needs it. */
    Problem readable(Exchange exchange, Problem problem) {
        return cors.readable(exchange, problem);
    }

    /** Counts a request that is turned away. */
    Problem refused(String reason, Problem problem) {
        commons.observer().refused(reason);
        return problem;
    }

    /** Nobody has that id. */
    Problem nowhere() {
        return access.unknown();
    }

    Problem transportNotAllowed(String transport) {
        return refused(
                "TransportNotAllowed",
                new Problem(404, "NotFound", transport + " transport not supported by this end point type"));
    }

    Problem transportChanged() {
        return refused("TransportChanged", new Problem(400, "BadRequest", "Cannot change transports mid-connection"));
    }

    private static Problem uncached(Exchange exchange, Problem problem) {
        if (!exchange.method().equals(HttpMethod.GET)) {
            return problem;
        }
        var headers = new ArrayList<>(problem.headers());
        headers.addAll(ConnectLongPolling.UNCACHED);
        return new Problem(problem.status(), problem.code(), problem.message(), headers);
    }

    /** Does it on that loop, and answers with what it throws. */
    void on(EventLoop loop, Exchange exchange, Runnable work) {
        if (loop.inEventLoop()) {
            guard(exchange, work);
            return;
        }
        try {
            loop.execute(() -> guard(exchange, work));
        } catch (RejectedExecutionException stopped) {
            guard(exchange, () -> {
                throw ClientAccess.notKnown();
            });
        }
    }
}
