package io.tidewire.http;

import static io.tidewire.http.TestServer.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Answers in every way a handler can give them, failures, and leaving HTTP. */
class ExchangeTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.tidewire.http");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Queue<Exchange> held = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    private String logged() {
        return String.join(
                "\n", log.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }

    @Test
    void theExchangeShowsTheRequestAsItWasSent() {
        var seen = new AtomicReference<Exchange>();
        var thread = new AtomicReference<String>();
        try (var server = new TestServer(TestServer.route(HttpMethod.PUT, "/hubs/{hub}", exchange -> {
                    seen.set(exchange);
                    thread.set(Thread.currentThread().getName());
                    exchange.respond(Response.text(200, exchange.body().toString(StandardCharsets.UTF_8)));
                }));
                RawHttp http = server.connect()) {
            assertThat(http.body("PUT", "/HUBS/a%2Fb?x=%20&y", "böse", "X-Id: 7")
                            .read()
                            .text())
                    .isEqualTo("böse");
            Exchange exchange = Objects.requireNonNull(seen.get());
            assertThat(exchange.method()).isEqualTo(HttpMethod.PUT);
            assertThat(exchange.rawPath()).isEqualTo("/HUBS/a%2Fb");
            assertThat(exchange.rawQuery()).isEqualTo("x=%20&y");
            assertThat(exchange.pathParameter("hub")).isEqualTo("a/b");
            assertThat(exchange.query().first("x")).isEqualTo(" ");
            assertThat(exchange.headers().get("x-id")).isEqualTo("7");
            assertThat(exchange.route().template()).isEqualTo("/hubs/{hub}");
            assertThat(thread.get()).startsWith("tidewire-loop-");
            assertThat(exchange.body().refCnt()).isZero();
        }
    }

    @Test
    void problemsAreWrittenByTheRouteAndOtherwiseByTheListener() {
        try (var server = new TestServer(
                        get("/thrown", exchange -> {
                            throw new Problem(409, "Taken", "It is taken.");
                        }),
                        get("/later", held::add),
                        get("/query", exchange -> exchange.query().first("a")));
                RawHttp http = server.connect()) {
            var thrown = http.get("/thrown").read();
            assertThat(thrown.status()).isEqualTo(409);
            assertThat(thrown.text()).isEqualTo("It is taken.");
            assertThat(thrown.header("X-Code")).isEqualTo("Taken");
            http.get("/later");
            await().until(() -> !held.isEmpty());
            held.remove().respond(new Problem(404, "Gone", "It is gone."));
            assertThat(http.read().header("X-Code")).isEqualTo("Gone");
            assertThat(http.get("/query?a=%FF").read().status()).isEqualTo(400);
            var missing = http.get("/missing").read();
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.header("X-Code")).isNull();
            var method = http.request("DELETE", "/thrown").read();
            assertThat(method.status()).isEqualTo(405);
            assertThat(method.header("Allow")).isEqualTo("GET");
            assertThat(method.header("X-Code")).isEqualTo("MethodNotAllowed");
            assertThat(server.recorder.refusals()).containsExactly("NotFound", "MethodNotAllowed");
            assertThat(server.recorder.answered).containsExactly("GET /thrown 409", "GET /later 404", "GET /query 400");
        }
        assertThat(log.list).isEmpty();
    }

    @Test
    void aFailureIsLoggedUnderItsReferenceWithoutTokens() {
        try (var server = new TestServer(get("/fails", exchange -> {
                    throw new IllegalStateException("could not use ?access_token=SECRET");
                }));
                RawHttp http = server.connect()) {
            var answer = http.get("/fails?access_token=SECRET&x=1", "Authorization: Bearer SECRET")
                    .read();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.header("X-Code")).isEqualTo("InternalError");
            assertThat(answer.text()).matches("Internal error, reference [0-9a-f]{16}\\.");
            String reference = answer.text().substring(26, 42);
            assertThat(logged())
                    .contains(reference, "GET /fails?access_token=***&x=1", "could not use", "ExchangeTest")
                    .doesNotContain("SECRET");
            // One failure is not the end of the connection.
            assertThat(http.get("/nothing").read().status()).isEqualTo(404);
        }
    }

    @Test
    void anErrorOrAnAnswerThatCannotBeSentIsAFailureToo() {
        try (var server = new TestServer(
                        get("/deep", e -> {
                            throw new StackOverflowError();
                        }),
                        get("/split", e -> e.respond(Response.of(200).with("X", "a\r\nSet-Cookie: b"))));
                RawHttp http = server.connect()) {
            assertThat(http.get("/deep").read().status()).isEqualTo(500);
            var split = http.get("/split").read();
            assertThat(split.status()).isEqualTo(500);
            assertThat(split.header("Set-Cookie")).isNull();
        }
    }

    @Test
    void aSecondAnswerIsLoggedAndIgnored() {
        try (var server = new TestServer(get("/twice", exchange -> {
                    exchange.respond(Response.text(200, "first"));
                    exchange.respond(Response.text(200, "second"));
                    throw new IllegalStateException("third");
                }));
                RawHttp http = server.connect()) {
            assertThat(http.get("/twice").read().text()).isEqualTo("first");
            assertThat(http.get("/nothing").read().status()).isEqualTo(404);
            assertThat(logged()).contains("GET /twice answered a request twice", "third");
        }
    }

    @Test
    void answersOfManyThreadsAtOnceAreOne() throws InterruptedException {
        var answers = new AtomicInteger();
        try (var server = new TestServer(get("/race", held::add));
                RawHttp http = server.connect()) {
            for (int round = 0; round < 10; round++) {
                http.get("/race");
                await().until(() -> !held.isEmpty());
                Exchange exchange = held.remove();
                var threads = new Thread[4];
                for (int i = 0; i < threads.length; i++) {
                    threads[i] = Thread.ofVirtual().start(() -> {
                        exchange.respond(Response.text(200, "answer"));
                        answers.incrementAndGet();
                    });
                }
                assertThat(http.read().text()).isEqualTo("answer");
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            assertThat(http.hasMore()).isFalse();
            assertThat(answers).hasValue(40);
            assertThat(server.recorder.answered).hasSize(10);
        }
    }

    @Test
    void anAnswerForAClientThatLeftIsDropped() {
        try (var server = new TestServer(TestServer.route(HttpMethod.POST, "/later", held::add))) {
            try (RawHttp http = server.connect()) {
                http.body("POST", "/later", "body");
                await().until(() -> !held.isEmpty());
            }
            await().untilAsserted(() -> assertThat(server.recorder.closed).hasValue(1));
            Exchange exchange = held.remove();
            // Still ours until the answer.
            assertThat(exchange.body().toString(StandardCharsets.UTF_8)).isEqualTo("body");
            exchange.respond(Response.of(200));
            await().until(() -> exchange.body().refCnt() == 0);
            assertThat(log.list).isEmpty();
        }
    }

    /** Answers every buffer with itself in brackets. */
    private static final class Brackets extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(ascii("["), msg.retain(), ascii("]")));
        }
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static void toBrackets(Exchange exchange) {
        exchange.upgrade(
                Response.of(101).with("Upgrade", "brackets"),
                channel -> channel.pipeline().addLast(new Brackets()));
    }

    @Test
    void whatTheServerSetsIsNotTheHandlersToSet() {
        Response contrary = Response.text(200, "four")
                .with("Content-Length", "99")
                .with("Transfer-Encoding", "chunked")
                .with("Connection", "close");
        try (var server = new TestServer(get("/", exchange -> exchange.respond(contrary)));
                RawHttp http = server.connect()) {
            for (int i = 0; i < 2; i++) {
                http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                var answer = http.readHead();
                assertThat(answer.header("Content-Length")).isEqualTo("4");
                assertThat(answer.header("Transfer-Encoding")).isNull();
                assertThat(answer.header("Connection")).isNull();
                assertThat(http.readBytes(4)).asString().isEqualTo("four");
            }
        }
    }

    @Test
    void anUpgradeHandsOverWhatFollowedTheRequest() {
        var channel = new AtomicReference<Channel>();
        try (var server = new TestServer(get("/up", exchange -> {
                    channel.set(exchange.channel());
                    toBrackets(exchange);
                }));
                RawHttp http = server.connect()) {
            http.send("GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: brackets\r\n\r\nearly");
            var answer = http.readHead();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("Upgrade")).isEqualTo("brackets");
            assertThat(answer.header("Connection")).isEqualToIgnoringCase("upgrade");
            assertThat(answer.header("Content-Length")).isNull();
            assertThat(http.readBytes(7)).asString().isEqualTo("[early]");
            http.send("GET /up HTTP/1.1\r\n\r\n");
            assertThat(http.readBytes(22)).asString().startsWith("[GET /up");
            assertThat(Objects.requireNonNull(channel.get()).pipeline().names())
                    .noneMatch(name -> name.startsWith("http-"));
            assertThat(server.recorder.answered).containsExactly("GET /up 101");
        }
    }

    /** Late, when what followed has long arrived and reading was stopped for it. */
    @Test
    void aLateUpgradeStartsReadingAgain() {
        try (var server = new TestServer(get("/up", held::add));
                RawHttp http = server.connect()) {
            http.send("GET /up HTTP/1.1\r\nHost: a\r\n\r\none");
            await().until(() -> !held.isEmpty());
            Exchange exchange = held.remove();
            http.send("two");
            await().until(() -> !exchange.channel().config().isAutoRead());
            exchange.channel().eventLoop().execute(() -> toBrackets(exchange));
            assertThat(http.readHead().status()).isEqualTo(101);
            var read = new StringBuilder();
            while (!read.toString().replaceAll("[\\[\\]]", "").equals("onetwo")) {
                read.append((char) http.readBytes(1)[0]);
            }
            assertThat(http.readBytes(1)).asString().isEqualTo("]");
            http.send("three");
            assertThat(http.readBytes(7)).asString().isEqualTo("[three]");
        }
    }

    @Test
    void anUpgradedConnectionOutlivesItsListenersHttp() {
        try (var server = new TestServer(get("/up", ExchangeTest::toBrackets))) {
            try (RawHttp http = server.connect()) {
                assertThat(http.get("/up").readHead().status()).isEqualTo(101);
                server.listener.close();
                assertThat(server.listener.connections()).isEqualTo(1);
                http.send("still");
                assertThat(http.readBytes(7)).asString().isEqualTo("[still]");
            }
            await().untilAsserted(
                            () -> assertThat(server.listener.connections()).isZero());
        }
    }

    /** Nobody is working on it yet, and its client decides when that would begin. */
    @Test
    void aHalfSentRequestDoesNotHoldAStop() {
        try (var server = new TestServer(TestServer.echo());
                RawHttp head = server.connect();
                RawHttp body = server.connect()) {
            body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(body.readHead().status()).isEqualTo(100);
            body.send("hel");
            head.body("POST", "/echo", "whole");
            assertThat(head.read().text()).isEqualTo("whole");
            head.send("POST /echo HTTP/1.1\r\nHost");
            assertThat(server.listener.close(Duration.ofSeconds(5))).isTrue();
            assertThat(body.ended()).isTrue();
            assertThat(head.ended()).isTrue();
        }
    }

    /** What a family of routes adds to each answer. */
    private record Adding(String value) implements ProblemFormat {
        @Override
        public Response render(Problem problem) {
            return PLAIN_TEXT.render(problem);
        }

        @Override
        public void addHeaders(HttpHeaders request, BiConsumer<AsciiString, CharSequence> answer) {
            answer.accept(AsciiString.of("x-first"), AsciiString.of("same"));
            answer.accept(AsciiString.of("x-second"), request.get("X-Asked", value));
        }
    }

    private static Route adding(HttpMethod method, String value, Response answer) {
        return new Route(
                method,
                "/{any}",
                Set.of(),
                method.name(),
                Set.of(),
                new Adding(value),
                exchange -> exchange.respond(answer));
    }

    @Test
    void anAnswerThatIsNothingButAStatusHasTheHeadersOfOneThatIsMore() {
        try (var server = new TestServer(
                        adding(HttpMethod.POST, "said", Response.of(202)),
                        adding(HttpMethod.PUT, "said", Response.text(200, "more")),
                        adding(HttpMethod.HEAD, "said", Response.of(200)),
                        adding(HttpMethod.DELETE, "said", Response.of(204)));
                RawHttp http = server.connect()) {
            http.request("POST", "/a", "X-Asked: b");
            http.request("PUT", "/a").request("HEAD", "/a").request("DELETE", "/a");
            http.send("POST /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            http.request("POST", "/a", "Connection: close");
            RawHttp.Answer bare = http.read();
            assertThat(bare.status()).isEqualTo(202);
            assertThat(bare.header("Content-Length")).isEqualTo("0");
            assertThat(bare.header("X-First")).isEqualTo("same");
            assertThat(bare.header("X-Second")).isEqualTo("b");
            assertThat(bare.headers()).hasSize(4);
            RawHttp.Answer more = http.read();
            assertThat(more.text()).isEqualTo("more");
            assertThat(more.header("X-Second")).isEqualTo("said");
            var format = DateTimeFormatter.RFC_1123_DATE_TIME;
            var date = Instant.from(format.parse(Objects.requireNonNull(bare.header("Date"))));
            assertThat(Instant.from(format.parse(Objects.requireNonNull(more.header("Date")))))
                    .isBetween(date, date.plusSeconds(20));
            RawHttp.Answer head = http.read();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Length")).isEqualTo("0");
            RawHttp.Answer none = http.read();
            assertThat(none.status()).isEqualTo(204);
            assertThat(none.header("Content-Length")).isNull();
            assertThat(none.header("X-Second")).isEqualTo("said");
            RawHttp.Answer old = http.read();
            assertThat(old.header("Connection")).isEqualTo("keep-alive");
            RawHttp.Answer last = http.read();
            assertThat(last.header("Connection")).isEqualTo("close");
            assertThat(last.header("X-First")).isEqualTo("same");
            assertThat(http.ended()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Split: b", "a\nb", "a\0", "\u007f"})
    void aHeaderThatWouldSplitAnAnswerWithoutABodyIsAnInternalError(String value) {
        try (var server = new TestServer(adding(HttpMethod.POST, value, Response.of(202)));
                RawHttp http = server.connect()) {
            RawHttp.Answer answer = http.request("POST", "/a").read();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text()).startsWith("Internal error, reference ");
            assertThat(answer.header("X-Split")).isNull();
            assertThat(http.request("POST", "/a", "X-Asked: good").read().status())
                    .isEqualTo(202);
        }
    }

    @Test
    void anUpgradeThatFailsClosesTheConnection() {
        try (var server = new TestServer(get(
                        "/up",
                        exchange -> exchange.upgrade(Response.of(101), channel -> {
                            throw new IllegalStateException("no successor");
                        })));
                RawHttp http = server.connect()) {
            assertThat(http.get("/up").readHead().status()).isEqualTo(101);
            assertThat(http.ended()).isTrue();
            await().ignoreExceptions().untilAsserted(() -> assertThat(logged()).contains("no successor"));
        }
    }

    @Test
    void anUpgradeElsewhereThanOnTheLoopIsRefused() {
        try (var server = new TestServer(get("/up", held::add));
                RawHttp http = server.connect()) {
            http.get("/up");
            await().until(() -> !held.isEmpty());
            Exchange exchange = held.remove();
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> toBrackets(exchange))
                    .isInstanceOf(IllegalStateException.class);
            exchange.respond(Response.text(200, "as before"));
            assertThat(http.read().text()).isEqualTo("as before");
        }
    }
}
