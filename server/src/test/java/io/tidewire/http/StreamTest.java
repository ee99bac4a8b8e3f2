package io.tidewire.http;

import static io.tidewire.http.TestServer.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Answers that are written piece by piece, and requests whose answer is long in coming. */
class StreamTest {
    /** One answer that goes on, and what its writer was told. */
    private static final class Running implements AnswerStream.Writer {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        final Channel channel;
        final AnswerStream stream;

        Running(Exchange exchange) {
            channel = exchange.channel();
            stream = exchange.stream(
                    Response.of(200).with("Content-Type", "text/x-pieces").with("Content-Length", "3"), this);
        }

        void write(String piece) {
            var _ = channel.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(piece, StandardCharsets.UTF_8)));
        }

        void end() {
            channel.eventLoop().execute(() -> {
                var _ = stream.end();
            });
        }

        String nextTold() throws InterruptedException {
            return String.valueOf(told.poll(5, TimeUnit.SECONDS));
        }

        @Override
        public void writable() {
            told.add("writable");
        }

        @Override
        public void stopping() {
            told.add("stopping");
        }

        @Override
        public void gone() {
            told.add("gone");
        }
    }

    private static final class Deaf implements AnswerStream.Writer {
        @Override
        public void writable() {}

        @Override
        public void stopping() {}

        @Override
        public void gone() {}
    }

    private final BlockingQueue<Running> begun = new LinkedBlockingQueue<>();

    private Route streaming() {
        return get("/stream", exchange -> begun.add(new Running(exchange)));
    }

    private Running next() throws InterruptedException {
        Running running = begun.poll(5, TimeUnit.SECONDS);
        if (running == null) {
            throw new AssertionError("no stream has begun");
        }
        return running;
    }

    private static String chunk(RawHttp http, String expected) {
        String framed = Integer.toHexString(expected.length()) + "\r\n" + expected + "\r\n";
        return new String(http.readBytes(framed.length()), StandardCharsets.UTF_8);
    }

    @Test
    void piecesArriveAsTheyAreWrittenAndTheNextRequestWaits() throws Exception {
        try (var server = new TestServer(streaming(), get("/after", exchange -> exchange.respond(Response.of(204))));
                RawHttp http = server.connect()) {
            http.get("/stream").get("/after");
            Running running = next();
            RawHttp.Answer head = http.readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(head.header("Content-Length")).isNull();
            assertThat(head.header("Content-Type")).isEqualTo("text/x-pieces");

            running.write("one");
            assertThat(chunk(http, "one")).isEqualTo("3\r\none\r\n");
            running.write("and two");
            assertThat(chunk(http, "and two")).isEqualTo("7\r\nand two\r\n");
            assertThat(server.recorder.answered).containsExactly("GET /stream 200");

            running.end();
            assertThat(new String(http.readBytes(5), StandardCharsets.UTF_8)).isEqualTo("0\r\n\r\n");
            assertThat(http.read().status()).isEqualTo(204);
            assertThat(running.told).isEmpty();
        }
    }

    @Test
    void anOldClientReadsUpToTheEndOfTheConnection() throws Exception {
        try (var server = new TestServer(streaming());
                RawHttp http = server.connect()) {
            http.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Running running = next();
            running.write("one");
            running.write("two");
            running.end();

            RawHttp.Answer answer = http.read();
            assertThat(answer.header("Transfer-Encoding")).isNull();
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("onetwo");
        }
    }

    @Test
    void noTimerCutsAStreamAndTheIdleTimeBeginsAtItsEnd() throws Exception {
        Duration shortly = Duration.ofMillis(100);
        try (var server = new TestServer(TestServer.settings(shortly, shortly), streaming());
                RawHttp http = server.connect();
                RawHttp idle = server.connect()) {
            http.get("/stream");
            Running running = next();
            http.readHead();
            // Opened behind it and idle: when that one is cut, the timers of the first have had their chance as well.
            assertThat(idle.ended()).isTrue();
            assertThat(running.channel.isActive()).isTrue();
            running.write("still here");
            assertThat(chunk(http, "still here")).contains("still here");

            running.end();
            http.readBytes(5);
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void aPeerThatGoesIsNoticed() throws Exception {
        try (var server = new TestServer(streaming());
                RawHttp http = server.connect()) {
            http.get("/stream");
            Running running = next();
            http.readHead();
            http.socket().close();

            assertThat(running.nextTold()).isEqualTo("gone");
            running.end(); // harmless
            await().untilAsserted(() -> assertThat(server.recorder.closed.get()).isEqualTo(1));
        }
    }

    @Test
    void aPeerThatDoesNotWaitForItsAnswerIsNoticed() throws Exception {
        var exchanges = new LinkedBlockingQueue<Exchange>();
        var gone = new CountDownLatch(1);
        try (var server = new TestServer(get("/slow", exchange -> {
                    exchange.onGone(gone::countDown);
                    exchanges.add(exchange);
                }));
                RawHttp http = server.connect()) {
            http.get("/slow");
            Exchange exchange = exchanges.poll(5, TimeUnit.SECONDS);
            assertThat(exchange).isNotNull();
            http.socket().close();
            assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();

            // Also when somebody asks only now.
            var late = new CountDownLatch(1);
            exchange.channel().eventLoop().execute(() -> exchange.onGone(late::countDown));
            assertThat(late.await(5, TimeUnit.SECONDS)).isTrue();
            exchange.respond(Response.of(200));
        }
    }

    @Test
    void onceAnsweredNobodyIsTold() throws Exception {
        var gone = new LinkedBlockingQueue<String>();
        try (var server = new TestServer(get("/quick", exchange -> {
                    exchange.onGone(() -> gone.add("gone"));
                    exchange.respond(Response.of(200));
                }));
                RawHttp http = server.connect()) {
            assertThat(http.get("/quick").read().status()).isEqualTo(200);
            http.socket().close();
            await().untilAsserted(() -> assertThat(server.recorder.closed.get()).isEqualTo(1));
            assertThat(gone).isEmpty();
        }
    }

    @Test
    void aStopTellsTheWriterWhoseEndIsTheEndOfTheConnection() throws Exception {
        try (var server = new TestServer(streaming());
                RawHttp http = server.connect()) {
            http.get("/stream");
            Running running = next();
            http.readHead();
            var stopped = CompletableFuture.supplyAsync(() -> server.listener.close(Duration.ofSeconds(10)));

            assertThat(running.nextTold()).isEqualTo("stopping");
            running.write("bye");
            running.end();
            assertThat(chunk(http, "bye")).contains("bye");
            assertThat(new String(http.readBytes(5), StandardCharsets.UTF_8)).isEqualTo("0\r\n\r\n");
            assertThat(http.ended()).isTrue();
            assertThat(stopped.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aWriterThatDoesNotEndIsCutByTheStop() throws Exception {
        try (var server = new TestServer(streaming());
                RawHttp http = server.connect()) {
            http.get("/stream");
            Running running = next();
            http.readHead();
            assertThat(server.listener.close(Duration.ofMillis(50))).isFalse();
            assertThat(running.nextTold()).isEqualTo("stopping");
            assertThat(running.nextTold()).isEqualTo("gone");
            assertThat(http.ended()).isTrue();
        }
    }

    @Test
    void theWriterLearnsWhenThereIsRoomAgain() throws Exception {
        try (var server = new TestServer(streaming());
                RawHttp http = server.connect()) {
            http.get("/stream");
            Running running = next();
            http.readHead();
            String piece = "x".repeat(1 << 20);
            for (int i = 0; i < 64 && running.channel.isWritable(); i++) {
                running.write(piece);
                running.channel.eventLoop().submit(() -> {}).get(5, TimeUnit.SECONDS);
            }
            assertThat(running.channel.isWritable()).isFalse();
            running.told.clear();
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
                while (!http.ended()) {
                    // reads until the stream's connection is closed below
                }
            });
            assertThat(running.nextTold()).isEqualTo("writable");
            running.channel.close().sync();
            reading.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aHeadThatCannotBeSentIsAnInternalError() {
        try (var server = new TestServer(get("/bad", exchange -> {
                    var _ = exchange.stream(Response.of(200).with("X", "a\r\nb"), new Deaf());
                }));
                RawHttp http = server.connect()) {
            assertThat(http.get("/bad").read().status()).isEqualTo(500);
        }
    }
}
