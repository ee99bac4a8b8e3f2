package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tidewire.http.AnswerStream;
import io.tidewire.http.Budget;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Query;
import io.tidewire.http.Response;
import io.tidewire.http.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The smallest HTTP server that a WebSocket can be opened on: one event loop, every request goes to one handler. */
final class WebSocketFixture implements AutoCloseable {
    /** Which sockets to use. */
    enum Sockets {
        EPOLL,
        /** With a handler that sees what is written, as TLS does. */
        WATCHED,
        NIO
    }

    /** Flushes of all channels since the last reset; not counted where nothing may stand between the server and {@link Sockets#EPOLL}. */
    final AtomicInteger flushes = new AtomicInteger();

    /**
     * Every buffer of the connections comes from here, and all must be back when the server has stopped: exact, which
     * makes Netty's own leak detection, slow at its highest level, superfluous.
     */
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);

    private final EventLoopGroup loops;
    private final Channel listener;
    private final BlockingQueue<Channel> channels = new LinkedBlockingQueue<>();
    private final ChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private final Budget budget;

    WebSocketFixture(Sockets sockets, Handler handler) {
        this(sockets, new Budget(0), handler);
    }

    private WebSocketFixture(Sockets sockets, Budget budget, Handler handler) {
        this.budget = budget;
        boolean epoll = sockets != Sockets.NIO && Epoll.isAvailable();
        loops = new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        listener = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .childOption(ChannelOption.ALLOCATOR, memory)
                .childOption(ChannelOption.SO_SNDBUF, 32 * 1024)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        all.add(channel);
                        if (sockets != Sockets.EPOLL) {
                            channel.pipeline().addLast(new FlushCounter());
                        }
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(1024))
                                .addLast(new Requests(handler));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** Accepts every request for one session after the other. */
    static WebSocketFixture serving(WebSocketSettings settings, Supplier<Session> sessions) {
        return serving(Sockets.EPOLL, settings, sessions);
    }

    static WebSocketFixture serving(Sockets sockets, WebSocketSettings settings, Supplier<Session> sessions) {
        return serving(sockets, settings, new Budget(Long.MAX_VALUE), sessions);
    }

    static WebSocketFixture serving(
            Sockets sockets, WebSocketSettings settings, Budget budget, Supplier<Session> sessions) {
        WebSocketUpgrade upgrade = new WebSocketUpgrade(settings, budget);
        return new WebSocketFixture(sockets, budget, exchange -> upgrade.accept(exchange, null, sessions.get()));
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** The server's side of the connections, in the order in which they were accepted. */
    Channel nextChannel() throws InterruptedException {
        Channel channel = channels.poll(5, TimeUnit.SECONDS);
        if (channel == null) {
            throw new AssertionError("no connection was accepted");
        }
        return channel;
    }

    /** Bytes of buffers that the connections hold. */
    long usedMemory() {
        return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
    }

    /** Stops, and fails when a buffer was not given back. */
    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        all.close().syncUninterruptibly(); // a loop that stops does not wait for its channels
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        assertThat(usedMemory()).as("bytes not given back").isZero();
        assertThat(budget.used()).as("bytes still counted").isZero();
    }

    private final class FlushCounter extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes.incrementAndGet();
            ctx.flush();
        }
    }

    private static final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final Handler handler;

        Requests(Handler handler) {
            this.handler = handler;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            FakeExchange exchange = new FakeExchange(ctx, request);
            try {
                handler.handle(exchange);
            } catch (Problem problem) {
                exchange.respond(problem);
            }
        }
    }

    /** As much of an exchange as an upgrade needs. */
    private record FakeExchange(ChannelHandlerContext ctx, FullHttpRequest request) implements Exchange {
        @Override
        public HttpMethod method() {
            return request.method();
        }

        @Override
        public String rawPath() {
            return request.uri();
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
            return request.headers();
        }

        @Override
        public ByteBuf body() {
            return request.content();
        }

        @Override
        public Route route() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Channel channel() {
            return ctx.channel();
        }

        @Override
        public void respond(Response response) {
            FullHttpResponse full = full(response);
            full.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
            var _ = ctx.writeAndFlush(full);
        }

        @Override
        public void respond(Problem problem) {
            respond(ProblemFormat.PLAIN_TEXT.render(problem));
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
            var _ = ctx.writeAndFlush(full(response));
            // What the new handlers write must not meet the HTTP encoder, and what followed the request must meet them.
            ctx.pipeline().get(HttpServerCodec.class).removeOutboundHandler();
            takeOver.accept(ctx.channel());
            ctx.pipeline().remove(HttpObjectAggregator.class);
            ctx.pipeline().remove(Requests.class);
            ctx.pipeline().remove(HttpServerCodec.class);
        }

        private static FullHttpResponse full(Response response) {
            FullHttpResponse full = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(response.status()),
                    Unpooled.wrappedBuffer(response.body()));
            response.headers().forEach(header -> full.headers().add(header.getKey(), header.getValue()));
            return full;
        }
    }
}
