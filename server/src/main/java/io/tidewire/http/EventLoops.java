package io.tidewire.http;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.tidewire.http.NetworkSettings.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The event loops that every listener, connection and shard of the process shares. */
public final class EventLoops implements AutoCloseable {
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final Transport transport;
    private final EventLoopGroup group;
    private final List<EventLoop> loops;
    private final RecvByteBufAllocator receiveBuffers = new ReceiveBuffers();

    /**
     * Starts the loops.
     *
     * @throws NetworkException when the chosen transport does not work on this machine
     */
    public EventLoops(NetworkSettings settings) {
        watchNoBuffers();
        this.transport = usable(settings.transport());
        int threads = settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
        var number = new AtomicInteger();
        ThreadFactory named = task -> new FastThreadLocalThread(task, "tidewire-loop-" + number.incrementAndGet());
        this.group = new MultiThreadIoEventLoopGroup(threads, named, pollers(transport));
        var all = new ArrayList<EventLoop>(threads);
        group.forEach(loop -> all.add((EventLoop) loop));
        this.loops = List.copyOf(all);
    }

    /**
     * Netty notes where one buffer in 128 has been, to tell of those that are lost. That is for tests, which watch all of them and say so
     * with the property, under its new name or its old one; here it cost a REST call 1 of its 21 µs of our own.
     */
    static void watchNoBuffers() {
        if (System.getProperty("io.netty.leakDetection.level") == null
                && System.getProperty("io.netty.leakDetectionLevel") == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
    }

    /** How sockets are polled; never {@link Transport#AUTO}. */
    public Transport transport() {
        return transport;
    }

    public EventLoopGroup group() {
        return group;
    }

    /** All loops, in a fixed order. */
    public List<EventLoop> loops() {
        return loops;
    }

    /** The buffers that sockets are read into. */
    RecvByteBufAllocator receiveBuffers() {
        return receiveBuffers;
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (transport) {
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO, AUTO -> NioServerSocketChannel.class;
        };
    }

    /**
     * Runs what is queued, then ends the threads and with them every socket that is left. Blocks; never called on a loop.
     *
     * @return whether all threads ended within the bound
     */
    public boolean close(Duration bound) {
        return group.shutdownGracefully(0, bound.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(bound.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As {@link #close(Duration)} with five seconds. */
    @Override
    public void close() {
        close(CLOSE_BOUND);
    }

    private static Transport usable(Transport chosen) {
        return switch (chosen) {
            case AUTO -> Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO;
            case EPOLL -> require(chosen, Epoll.isAvailable(), Epoll.unavailabilityCause());
            case NIO -> chosen;
        };
    }

    static Transport require(Transport chosen, boolean available, @Nullable Throwable cause) {
        if (available) {
            return chosen;
        }
        String why = cause == null || cause.getMessage() == null ? "" : " (" + firstLine(cause.getMessage()) + ")";
        throw new NetworkException("The transport " + chosen.name().toLowerCase(Locale.ROOT)
                + " does not work on this machine" + why + "; set network.transport to auto or nio.");
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static IoHandlerFactory pollers(Transport transport) {
        return switch (transport) {
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO, AUTO -> NioIoHandler.newFactory();
        };
    }
}
