package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.tidewire.http.NetworkSettings.Transport;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
    @Test
    void autoIsTheBestThatLoadsWithALoopForEachProcessor() {
        try (var loops = new EventLoops(NetworkSettings.DEFAULT)) {
            assertThat(loops.transport()).isEqualTo(Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO);
            assertThat(loops.loops()).hasSize(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void whatDoesNotWorkSaysWhatToSetInstead() {
        assertThatThrownBy(() -> EventLoops.require(Transport.EPOLL, false, new Error("no such call\nat")))
                .isInstanceOf(NetworkException.class)
                .hasMessage("The transport epoll does not work on this machine (no such call);"
                        + " set network.transport to auto or nio.");
    }

    @Test
    void buffersAreWatchedOnlyForWhoAsks() {
        String name = "io.netty.leakDetection.level";
        String oldName = "io.netty.leakDetectionLevel";
        String before = System.getProperty(name);
        Level level = ResourceLeakDetector.getLevel();
        try {
            System.clearProperty(name);
            ResourceLeakDetector.setLevel(Level.ADVANCED);
            System.setProperty(oldName, "advanced");
            EventLoops.watchNoBuffers();
            assertThat(ResourceLeakDetector.getLevel()).isEqualTo(Level.ADVANCED);

            System.clearProperty(oldName);
            System.setProperty(name, "advanced");
            EventLoops.watchNoBuffers();
            assertThat(ResourceLeakDetector.getLevel()).isEqualTo(Level.ADVANCED);

            System.clearProperty(name);
            EventLoops.watchNoBuffers();
            assertThat(ResourceLeakDetector.getLevel()).isEqualTo(Level.DISABLED);
        } finally {
            System.clearProperty(oldName);
            if (before != null) {
                System.setProperty(name, before);
            }
            ResourceLeakDetector.setLevel(level);
        }
    }

    /** Netty does it by itself; small messages would wait for acknowledgements without. */
    @Test
    void whatIsWrittenDoesNotWaitForMore() throws Exception {
        var transports = new ArrayList<>(List.of(Transport.NIO));
        if (Epoll.isAvailable()) {
            transports.add(Transport.EPOLL);
        }
        for (Transport transport : transports) {
            var noDelay = new CompletableFuture<Boolean>();
            Route route = TestServer.get("/", exchange -> {
                noDelay.complete(exchange.channel().config().getOption(ChannelOption.TCP_NODELAY));
                exchange.respond(Response.of(204));
            });
            try (var loops = new EventLoops(new NetworkSettings(transport, 1, 0));
                    var listener = new HttpListener(
                                    "signalr.listen",
                                    TestServer.ANYWHERE,
                                    HttpSettings.DEFAULT,
                                    new Router(List.of(route), ApiVersions.NONE, ProblemFormat.PLAIN_TEXT),
                                    loops,
                                    new Budget(NetworkSettings.DEFAULT),
                                    HttpObserver.NONE)
                            .start();
                    var client = new Socket(
                            InetAddress.getLoopbackAddress(), listener.address().getPort())) {
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(noDelay.get(10, TimeUnit.SECONDS))
                        .as(transport.name())
                        .isTrue();
            }
        }
    }

    @Test
    void aTakenPortIsOneLine() {
        var router = new Router(List.of(), ApiVersions.NONE, ProblemFormat.PLAIN_TEXT);
        for (Transport transport : List.of(Transport.AUTO, Transport.NIO)) {
            try (var loops = new EventLoops(new NetworkSettings(transport, 1, 0));
                    var first = new HttpListener(
                                    "signalr.listen",
                                    TestServer.ANYWHERE,
                                    HttpSettings.DEFAULT,
                                    router,
                                    loops,
                                    new Budget(NetworkSettings.DEFAULT),
                                    HttpObserver.NONE)
                            .start()) {
                var taken = new ListenSettings("127.0.0.1", first.address().getPort());
                var second = new HttpListener(
                        "webpubsub.listen",
                        taken,
                        HttpSettings.DEFAULT,
                        router,
                        loops,
                        new Budget(NetworkSettings.DEFAULT),
                        HttpObserver.NONE);
                assertThatThrownBy(second::start)
                        .isInstanceOf(NetworkException.class)
                        .hasMessage(
                                "Cannot listen on " + taken + " (setting webpubsub.listen): Address already in use");
                assertThat(second.accepting()).isFalse();
                second.close();
                var nowhere = new HttpListener(
                        "admin.listen",
                        new ListenSettings("no-such-host.invalid", 1),
                        HttpSettings.DEFAULT,
                        router,
                        loops,
                        new Budget(NetworkSettings.DEFAULT),
                        HttpObserver.NONE);
                assertThatThrownBy(nowhere::start)
                        .hasMessage("Cannot listen on no-such-host.invalid:1 (setting admin.listen): Unknown host");
            }
        }
    }
}
