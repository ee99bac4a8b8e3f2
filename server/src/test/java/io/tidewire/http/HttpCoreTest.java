package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.NetworkSettings.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every transport must do alike: keep-alive, order, bodies, HEAD, and an orderly end. */
class HttpCoreTest {
    /** Requests to {@code /held}, which nobody answers until the test does. */
    private final Queue<Exchange> held = new ConcurrentLinkedQueue<>();

    private TestServer server(Transport transport) {
        assumeThat(available(transport)).as("%s works here", transport).isTrue();
        return new TestServer(
                transport,
                TestServer.settings(1024),
                TestServer.get("/hello/{name}", e -> e.respond(Response.text(200, "hello " + e.pathParameter("name")))),
                TestServer.route(HttpMethod.HEAD, "/hello/{name}", e -> e.respond(Response.text(200, "12345"))),
                TestServer.route(HttpMethod.DELETE, "/hello/{name}", e -> e.respond(Response.of(204))),
                TestServer.get("/held", held::add),
                TestServer.echo());
    }

    private static boolean available(Transport transport) {
        return switch (transport) {
            case EPOLL -> Epoll.isAvailable();
            case NIO, AUTO -> true;
        };
    }

    @ParameterizedTest
    @EnumSource
    void oneConnectionServesManyRequests(Transport transport) {
        try (TestServer server = server(transport);
                RawHttp http = server.connect()) {
            for (int i = 0; i < 20; i++) {
                var answer = http.get("/hello/" + i).read();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("hello " + i);
                assertThat(answer.header("Connection")).isNull();
                assertThat(answer.header("Date")).endsWith(" GMT");
            }
            assertThat(server.recorder.opened).hasValue(1);
            assertThat(server.recorder.answered)
                    .contains("GET /hello/{name} 200")
                    .hasSize(20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pipelinedRequestsAreHandledOneAfterTheOther(Transport transport) {
        try (TestServer server = server(transport);
                RawHttp http = server.connect()) {
            http.send(get("/held") + get("/hello/2") + get("/held") + get("/hello/4"));
            await().until(() -> held.size() == 1);
            // The second request has not even started while the first one is open.
            assertThat(server.recorder.answered).isEmpty();
            Thread.ofVirtual().start(() -> held.remove().respond(Response.text(200, "first")));
            assertThat(http.read().text()).isEqualTo("first");
            assertThat(http.read().text()).isEqualTo("hello 2");
            await().until(() -> held.size() == 1);
            assertThat(server.recorder.answered).hasSize(2);
            held.remove().respond(Response.text(200, "third"));
            assertThat(http.read().text()).isEqualTo("third");
            assertThat(http.read().text()).isEqualTo("hello 4");
        }
    }

    /** More than one read's worth, so that reading stops and starts again. */
    @ParameterizedTest
    @EnumSource
    void manyPipelinedRequestsWithASlowFirstOneKeepTheirOrder(Transport transport) {
        int count = 3000;
        try (TestServer server = server(transport);
                RawHttp http = server.connect()) {
            var requests = new StringBuilder(get("/held"));
            for (int i = 0; i < count; i++) {
                requests.append(get("/hello/" + i));
            }
            Thread sender = Thread.ofVirtual().start(() -> http.send(requests.toString()));
            await().until(() -> held.size() == 1);
            held.remove().respond(Response.text(200, "first"));
            assertThat(http.read().text()).isEqualTo("first");
            for (int i = 0; i < count; i++) {
                assertThat(http.read().text()).isEqualTo("hello " + i);
            }
            assertThat(sender.isAlive()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bodiesArriveWithALengthOrInChunksAndInPieces(Transport transport) throws InterruptedException {
        try (TestServer server = server(transport);
                RawHttp http = server.connect()) {
            assertThat(http.body("POST", "/echo", "0123456789").read().text()).isEqualTo("0123456789");
            assertThat(http.body("POST", "/echo", "").read().text()).isEmpty();
            assertThat(http.request("POST", "/echo").read().text()).isEmpty();
            http.request("POST", "/echo", "Transfer-Encoding: chunked");
            http.send("5\r\nhello\r\n1;name=value\r\n \r\n5\r\nworld\r\n0\r\nTrailer: ignored\r\n\r\n");
            assertThat(http.read().text()).isEqualTo("hello world");
            for (byte piece : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)) {
                http.send(new byte[] {piece});
            }
            assertThat(http.read().text()).isEqualTo("abc");
            assertThat(http.get("/hello/again").read().text()).isEqualTo("hello again");
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersWithoutABody(Transport transport) {
        try (TestServer server = server(transport);
                RawHttp http = server.connect()) {
            var head = http.request("HEAD", "/hello/x").readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Length")).isEqualTo("5");
            assertThat(head.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
            var none = http.request("DELETE", "/hello/x").read();
            assertThat(none.status()).isEqualTo(204);
            assertThat(none.header("Content-Length")).isNull();
            // Had either sent a body, this would not be an answer.
            assertThat(http.get("/hello/y").read().text()).isEqualTo("hello y");
        }
    }

    @ParameterizedTest
    @EnumSource
    void closesWhenTheClientAsksForItAndKeepsWhenAnOldOneDoes(Transport transport) {
        try (TestServer server = server(transport)) {
            try (RawHttp http = server.connect()) {
                var answer = http.get("/hello/x", "Connection: close").read();
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(http.ended()).isTrue();
            }
            try (RawHttp http = server.connect()) {
                var answer = http.send("GET /hello/x HTTP/1.0\r\n\r\n").read();
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(http.ended()).isTrue();
            }
            try (RawHttp http = server.connect()) {
                for (int i = 0; i < 2; i++) {
                    var answer = http.send("GET /hello/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                            .read();
                    assertThat(answer.header("Connection")).isEqualTo("keep-alive");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void stoppingClosesIdleConnectionsAtOnceAndBusyOnesAfterTheirAnswer(Transport transport) throws Exception {
        TestServer server = server(transport);
        try (RawHttp idle = server.connect();
                RawHttp busy = server.connect()) {
            idle.get("/hello/x").read();
            busy.get("/held");
            await().until(() -> held.size() == 1);
            assertThat(server.listener.accepting()).isTrue();
            Thread closing = Thread.ofVirtual().start(server.listener::close);
            assertThat(idle.ended()).isTrue();
            assertThat(server.listener.accepting()).isFalse();
            assertThat(closing.isAlive()).isTrue();
            held.remove().respond(Response.text(200, "late"));
            var answer = busy.read();
            assertThat(answer.text()).isEqualTo("late");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(busy.ended()).isTrue();
            closing.join();
            await().untilAsserted(
                            () -> assertThat(server.listener.connections()).isZero());
        } finally {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void loopsHaveNamesAndEnd(Transport transport) throws Exception {
        assumeThat(available(transport)).isTrue();
        var loops = new EventLoops(new NetworkSettings(transport, 3, 0));
        assertThat(loops.transport()).isNotEqualTo(Transport.AUTO);
        List<String> names = new ArrayList<>();
        for (var loop : loops.loops()) {
            names.add(loop.submit(() -> Thread.currentThread().getName()).get());
        }
        assertThat(names).containsExactlyInAnyOrder("tidewire-loop-1", "tidewire-loop-2", "tidewire-loop-3");
        loops.close();
        assertThat(loops.loops()).allMatch(loop -> loop.isTerminated());
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }
}
