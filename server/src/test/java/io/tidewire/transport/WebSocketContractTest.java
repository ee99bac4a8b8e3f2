package io.tidewire.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;

/** The WebSocket keeps the contract of all transports, on each kind of sockets. */
class WebSocketContractTest {
    @Nested
    class OnEpoll extends WebSockets {
        OnEpoll() {
            super(WebSocketFixture.Sockets.EPOLL);
        }
    }

    @Nested
    class BehindAHandler extends WebSockets {
        BehindAHandler() {
            super(WebSocketFixture.Sockets.WATCHED);
        }
    }

    @Nested
    class OnNio extends WebSockets {
        OnNio() {
            super(WebSocketFixture.Sockets.NIO);
        }
    }

    /** With the session on another event loop than the socket. */
    @Nested
    class OverARelay extends WebSockets {
        private final EventLoopGroup home = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

        OverARelay() {
            super(WebSocketFixture.Sockets.EPOLL);
            closeLater(() -> home.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync());
        }

        @Override
        Session handed(Session session) {
            return new Relay(session, home.next(), MAX_UNSENT_BYTES);
        }
    }

    abstract static class WebSockets extends TransportContract {
        private final WebSocketFixture.Sockets sockets;

        WebSockets(WebSocketFixture.Sockets sockets) {
            this.sockets = sockets;
        }

        /** What the socket gets for its session. */
        Session handed(Session session) {
            return session;
        }

        @Override
        protected Client connect(Session session) {
            WebSocketSettings settings =
                    new WebSocketSettings(1024 * 1024, MAX_UNSENT_BYTES, Duration.ofMillis(CLOSE_TIMEOUT_MILLIS), 1000);
            WebSocketFixture server = WebSocketFixture.serving(sockets, settings, () -> handed(session));
            closeLater(server);
            RawWebSocket socket = RawWebSocket.open(server.port(), 4096).upgrade("/");
            closeLater(socket);
            return new WebSocketClient(socket);
        }
    }

    private record WebSocketClient(RawWebSocket socket) implements TransportContract.Client {
        @Override
        public void send(String text) {
            socket.text(text);
        }

        @Override
        public String receive() {
            return socket.readText();
        }

        @Override
        public void receiveEnd() {
            socket.sendClose(socket.readClose().closeCode(), "");
            socket.expectEnd();
        }

        @Override
        public void vanish() {
            socket.reset();
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
