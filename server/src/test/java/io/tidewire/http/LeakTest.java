package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traffic of every kind, good and bad, gives all its buffers back; a planted leak shows that one would be noticed. */
class LeakTest {
    private static final String PLANTED = "a planted leak";

    private final Set<String> leaks = ConcurrentHashMap.newKeySet();
    private final Queue<Exchange> held = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stopListening() {
        ByteBufUtil.setLeakListener(null);
    }

    @Test
    void nothingIsLost() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(records));
        var up = TestServer.get("/up", exchange -> exchange.upgrade(Response.of(101), channel -> channel.pipeline()));
        var later = TestServer.route(io.netty.handler.codec.http.HttpMethod.POST, "/later", held::add);
        try (var server = new TestServer(TestServer.settings(100), TestServer.echo(), up, later)) {
            for (int round = 0; round < 30; round++) {
                traffic(server);
            }
            await().untilAsserted(() -> assertThat(server.budget.used()).isZero());
        }
        PooledByteBufAllocator.DEFAULT.buffer(16).touch(PLANTED);
        await().untilAsserted(() -> {
            System.gc();
            // A new buffer makes the detector look at what was collected.
            PooledByteBufAllocator.DEFAULT.buffer(16).release();
            assertThat(leaks).anyMatch(leak -> leak.contains(PLANTED));
        });
        assertThat(leaks).allMatch(leak -> leak.contains(PLANTED));
    }

    private void traffic(TestServer server) {
        try (RawHttp http = server.connect()) {
            http.body("POST", "/echo", "x".repeat(50)).read();
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            http.send("3\r\nabc\r\n0\r\n\r\n").read();
            http.body("POST", "/missing", "body").read();
            http.body("POST", "/later", "body").body("POST", "/echo", "next");
            await().until(() -> !held.isEmpty());
            held.remove().respond(Response.of(200));
            http.read();
            http.read();
            // Cut in a body, once by us and once by the client.
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n");
            assertThat(http.read().status()).isEqualTo(400);
        }
        try (RawHttp http = server.connect()) {
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\na");
        }
        try (RawHttp http = server.connect()) {
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
        }
        try (RawHttp http = server.connect()) {
            http.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\nabc");
            assertThat(http.read().status()).isEqualTo(413);
        }
        try (RawHttp http = server.connect()) {
            http.send("GET /up HTTP/1.1\r\nHost: a\r\n\r\nfollows").readHead();
        }
        try (RawHttp http = server.connect()) {
            http.send("GET /up HTTP/1.1\r\n folded: a\r\n\r\nfollows").readHead();
        }
    }
}
