package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import io.tidewire.http.NetworkSettings.Transport;
import java.util.List;
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
        assertThatThrownBy(() -> EventLoops.require(Transport.IO_URING, false, new Error("no such call\nat")))
                .isInstanceOf(NetworkException.class)
                .hasMessage("The transport io_uring does not work on this machine (no such call);"
                        + " set network.transport to auto or nio.");
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
