package io.tidewire.signalr.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.signalr.upstream.Application.Answer;
import io.tidewire.signalr.upstream.Application.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * In which order an upstream hears of one client (reference D.8, E.6). That no client has two calls at a time is checked by
 * every {@link Application}.
 */
class UpstreamOrderTest {
    /** An answer that waits until the test lets it go. */
    private static final class Gate {
        private final CountDownLatch opened = new CountDownLatch(1);
        private volatile boolean gaveUp;

        Answer then(Answer answer) {
            try {
                gaveUp |= !opened.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return answer;
        }

        void open() {
            opened.countDown();
        }
    }

    private static Answer echo(Request request) {
        return Answer.json("\"" + request.event() + "\"");
    }

    @Test
    void messagesComeOneByOneInTheirOrder() {
        int count = 200;
        try (var application = Application.that(UpstreamOrderTest::echo);
                var server = UpstreamCallsTest.serverFor(application);
                var client = Client.json(server, "chat")) {
            application.next("connected");
            var messages = new ArrayList<String>();
            for (int i = 0; i < count; i++) {
                messages.add("{\"type\":1,\"invocationId\":\"" + i + "\",\"target\":\"m" + i + "\",\"arguments\":[]}");
            }
            client.send(messages.toArray(String[]::new));

            for (int i = 0; i < count; i++) {
                application.next("m" + i);
                assertThat(client.next())
                        .isEqualTo("{\"type\":3,\"invocationId\":\"" + i + "\",\"result\":\"m" + i + "\"}");
            }
        }
    }

    @Test
    void noMessageComesBeforeConnectedIsAnswered() {
        var gate = new Gate();
        try (var application = Application.that(
                        request -> request.event().equals("connected") ? gate.then(Answer.of(200)) : echo(request));
                var server = TestTidewire.with()
                        .set(
                                "upstream.addresses=any",
                                "signalr.upstream=[{url: '" + application.url("/") + "', events: 'connected, first'}]")
                        .start();
                var client = Client.json(server, "chat")) {
            application.next("connected");
            // The answer to the second one, which is for nobody, shows that the first one has been read.
            assertThat(client.say("first").ask("other")).contains("no upstream is configured");
            assertThat(application.more()).isZero();
            gate.open();

            application.next("first");
        }
    }

    @Test
    void aClientThatGoesIsHeardOutAndItsAnswerIsDropped() {
        var gate = new Gate();
        try (var application = Application.that(
                        request -> request.event().equals("slow") ? gate.then(echo(request)) : echo(request));
                var server = UpstreamCallsTest.serverFor(application);
                var client = Client.json(server, "chat")) {
            application.next("connected");
            client.send("{\"type\":1,\"invocationId\":\"1\",\"target\":\"slow\",\"arguments\":[]}")
                    .say("after")
                    .leave();
            application.next("slow");
            assertThat(application.more()).isZero();
            gate.open();

            application.next("after");
            application.next("disconnected");
            assertThat(application.more()).isZero();
        }
    }

    @Test
    void oneClientThatWaitsHoldsUpNoOther() {
        var gate = new Gate();
        try (var application = Application.that(
                        request -> request.event().equals("slow") ? gate.then(echo(request)) : echo(request));
                var server = UpstreamCallsTest.serverFor(application);
                var slow = Client.json(server, "chat");
                var quick = Client.json(server, "chat")) {
            slow.send("{\"type\":1,\"invocationId\":\"7\",\"target\":\"slow\",\"arguments\":[]}");
            assertThat(quick.ask("quick")).isEqualTo(Client.result("\"quick\""));
            gate.open();
            assertThat(slow.next()).isEqualTo(Client.result("\"slow\""));
        }
    }

    @Test
    void aStoppingServerTellsThatItsClientsAreGone() {
        try (var application = Application.content()) {
            var server = UpstreamCallsTest.serverFor(application);
            try (var client = Client.json(server, "chat");
                    var other = Client.json(server, "chat")) {
                application.next("connected");
                application.next("connected");
                client.say("last");
                application.next("last");
                Thread stop = Thread.startVirtualThread(server::close);
                for (Client each : List.of(client, other)) {
                    assertThat(each.next()).contains("Service reloading");
                    each.socket.readClose();
                    each.socket.sendClose(1001, "");
                }

                for (int i = 0; i < 2; i++) {
                    assertThat(application.next("disconnected").text())
                            .isEqualTo("{\"type\":11,\"error\":\"Service reloading, try reconnecting\"}");
                }
                assertThat(stop.join(Duration.ofSeconds(20))).isTrue();
                assertThat(application.more()).isZero();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                server.close();
            }
        }
    }

    /** What a client said before it went is told, and that it went, before the calls of a stopping server are cut. */
    @Test
    void aStopWaitsUntilUpstreamsHaveHeardAll() throws Exception {
        var gate = new Gate();
        try (var application = Application.that(
                request -> request.event().equals("slow") ? gate.then(echo(request)) : Answer.of(200))) {
            var server = UpstreamCallsTest.serverFor(application, "shutdownTimeout=1m");
            try (var client = Client.json(server, "chat")) {
                application.next("connected");
                client.say("slow");
                application.next("slow");
                Thread stop = Thread.startVirtualThread(server::close);
                assertThat(client.next()).contains("Service reloading");
                client.socket.readClose();
                client.socket.sendClose(1001, "");

                assertThat(stop.join(Duration.ofMillis(500))).as("stopped").isFalse();
                gate.open();
                application.next("disconnected");
                assertThat(stop.join(Duration.ofSeconds(20))).as("stopped").isTrue();
            } finally {
                gate.open();
                server.close();
            }
        }
    }

    @Test
    void aStopDoesNotWaitForAnUpstreamLongerThanItMay() {
        var gate = new Gate();
        try (var application = Application.that(
                request -> request.event().equals("slow") ? gate.then(echo(request)) : Answer.of(200))) {
            try (var server = UpstreamCallsTest.serverFor(application, "shutdownTimeout=1s");
                    var client = Client.json(server, "chat")) {
                application.next("connected");
                client.say("slow");
                application.next("slow");
            } finally {
                assertThat(gate.gaveUp).as("the server stopped first").isFalse();
                gate.open();
            }
        }
    }

    @Test
    void connectedAndDisconnectedMayBeForNobody() {
        try (var application = Application.that(UpstreamOrderTest::echo);
                var server = TestTidewire.with()
                        .set(
                                "upstream.addresses=any",
                                "signalr.upstream=[{url: '" + application.url("/") + "', events: 'm, disconnected'}]")
                        .start();
                var client = Client.json(server, "chat")) {
            assertThat(client.ask("m")).isEqualTo(Client.result("\"m\""));
            client.leave();

            application.next("m");
            application.next("disconnected");
        }
    }
}
