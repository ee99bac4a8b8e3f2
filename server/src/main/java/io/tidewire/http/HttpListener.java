package io.tidewire.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.tidewire.http.tls.Tls;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One port that speaks HTTP, from its bind to the end of its last connection. */
public final class HttpListener implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final String setting;
    private final ListenSettings listen;
    private final @Nullable Tls tls;
    private final EventLoops loops;
    private final AcceptGate gate;
    private final HttpPipeline pipeline;
    /** Those that speak HTTP, by their sockets; an upgraded one is no longer among them, and nothing else remembers it. */
    private final ConcurrentMap<Channel, Conversation> connections = new ConcurrentHashMap<>();

    /** Open once the listener is closing and its last HTTP connection is gone. */
    private final CountDownLatch drained = new CountDownLatch(1);

    private volatile @Nullable Channel server;
    private volatile boolean closing;

    /** A listener for plain HTTP that does not listen yet; as with all parameters. */
    public HttpListener(
            String setting,
            ListenSettings listen,
            HttpSettings settings,
            Router router,
            EventLoops loops,
            Budget budget,
            HttpObserver observer) {
        this(setting, listen, null, settings, router, loops, budget, observer);
    }

    /**
     * A listener that does not listen yet.
     *
     * @param setting where the address comes from, for messages, for example {@code signalr.listen}
     * @param tls null for plain HTTP; closed by whoever made it
     * @param budget that of the node
     */
    public HttpListener(
            String setting,
            ListenSettings listen,
            @Nullable Tls tls,
            HttpSettings settings,
            Router router,
            EventLoops loops,
            Budget budget,
            HttpObserver observer) {
        this.setting = setting;
        this.listen = listen;
        this.tls = tls;
        this.loops = loops;
        var origins = new Origins(scheme(), settings.proxies());
        this.gate = new AcceptGate(
                setting, settings.maxConnections(), new AcceptLimits(settings, origins), observer, this::leave);
        this.pipeline = new HttpPipeline(
                settings,
                tls,
                origins,
                budget,
                router,
                observer,
                () -> closing,
                this::join,
                connection -> leave(connection.channel()));
    }

    /**
     * Binds and accepts. Blocks; once.
     *
     * @throws NetworkException when the address is not free or not ours
     */
    @SuppressWarnings("deprecation") // of RCVBUF_ALLOCATOR: Netty 5 will have another name for it, 4.2 has this one
    public HttpListener start() {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                // TCP_NODELAY is on in each socket of Netty's; saying so here would be a second system call for each.
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, loops.receiveBuffers())
                .handler(gate)
                .childHandler(pipeline)
                .bind(listen.host(), listen.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new NetworkException(
                    "Cannot listen on " + listen + " (setting " + setting + "): " + reason(bound.cause()));
        }
        server = bound.channel();
        return this;
    }

    /** The scheme of its URLs. */
    public String scheme() {
        return tls == null ? "http" : "https";
    }

    /** The bound address, with the port that was taken when the setting has port 0. */
    public InetSocketAddress address() {
        Channel bound = server;
        SocketAddress address = bound == null ? null : bound.localAddress();
        if (address instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new IllegalStateException("Not listening (setting " + setting + ")");
    }

    /** Whether the server socket is open; also while accepting pauses. */
    public boolean accepting() {
        Channel bound = server;
        return bound != null && bound.isActive();
    }

    /** Sockets that are open now, upgraded ones included. */
    public int connections() {
        return gate.open();
    }

    /** Closes the server socket; from now on every answer ends its connection. Blocks shortly; never called on an event loop. */
    public void stopAccepting() {
        closing = true;
        Channel bound = server;
        if (bound != null) {
            bound.close().awaitUninterruptibly();
        }
    }

    /**
     * Stops accepting and ends the HTTP connections: those that a handler owes an answer after it, those in the middle of a request after
     * a moment, all others at once, and what is left after the bound without an answer. Upgraded connections are not touched. Blocks; never called on an event loop.
     *
     * @return whether every connection ended by itself
     */
    public boolean close(Duration bound) {
        stopAccepting();
        connections.values().forEach(Conversation::drain);
        if (connections.isEmpty()) {
            drained.countDown();
        }
        boolean orderly = awaitQuietly(drained, bound);
        for (Channel connection : connections.keySet()) {
            var _ = connection.close();
        }
        return orderly;
    }

    /**
     * Closes every socket that is left, upgraded ones included. An event loop that ends may forget to: one whose end is asked for
     * between two of its looks runs out without closing what it holds. Blocks; never called on an event loop.
     */
    public void cut(Duration bound) {
        gate.cut(bound);
    }

    /** As {@link #close(Duration)} with five seconds. */
    @Override
    public void close() {
        close(CLOSE_BOUND);
    }

    /** For tests: the server's channel. */
    @Nullable
    Channel server() {
        return server;
    }

    private void join(Conversation connection) {
        Channel socket = connection.channel();
        connections.put(socket, connection);
        if (!socket.isOpen()) {
            leave(socket); // closed before it was here to be taken out
        }
        if (closing) {
            // Accepted just before the server socket was closed.
            connection.drain();
        }
    }

    private void leave(Channel socket) {
        connections.remove(socket);
        if (closing && connections.isEmpty()) {
            drained.countDown();
        }
    }

    private static boolean awaitQuietly(CountDownLatch latch, Duration bound) {
        try {
            return latch.await(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The system's own words, without those of the library around them. */
    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return "Unknown host";
        }
        String message = cause == null ? null : cause.getMessage();
        if (message == null) {
            return "Unknown reason";
        }
        int prefix = message.lastIndexOf("): ");
        return prefix < 0 ? message : message.substring(prefix + 3);
    }
}
