package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.tidewire.http.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is particular to wires that live on several requests: answers that wait, requests that are given up, clocks. */
class PostedWireTest {
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings(1024 * 1024, 4 * 1024 * 1024, Duration.ofSeconds(5), 1000);
    private static final LongPollingSettings PATIENT =
            new LongPollingSettings(Duration.ofSeconds(30), Duration.ofSeconds(30));

    private static void firstPoll(RawHttp http) {
        RawHttp.Answer first = http.get("/polls").read();
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body()).isEmpty();
    }

    @Test
    void theAnswerToAPostWaitsWhileReadingIsPaused() {
        var session = new RecordingSession();
        try (var server = new PostedFixture(SETTINGS, PATIENT, session);
                RawHttp polls = server.connect();
                RawHttp posts = server.connect()) {
            firstPoll(polls);
            session.onLoop(Wire::pauseReading);
            posts.body("POST", "/", "held");
            await().until(() -> server.budget().used() > 0);
            // The way to the client is open, and used behind the request: it has had its chance to be answered.
            session.write("still here");
            assertThat(polls.get("/polls").read().text()).isEqualTo("still here");
            assertThat(posts.hasMore()).isFalse();
            assertThat(session.events()).containsExactly("open");

            session.onLoop(Wire::resumeReading);
            assertThat(posts.read().status()).isEqualTo(200);
            session.awaitEvents("open", "text held");
        }
    }

    @Test
    void aPostThatIsGivenUpIsForgottenWithItsBody() throws Exception {
        var session = new RecordingSession();
        try (var server = new PostedFixture(SETTINGS, PATIENT, session);
                RawHttp polls = server.connect()) {
            firstPoll(polls);
            session.onLoop(Wire::pauseReading);
            RawHttp posts = server.connect();
            posts.body("POST", "/", "x".repeat(100_000));
            await().until(() -> server.budget().used() >= 100_000);
            posts.socket().close();
            await().until(() -> server.budget().used() == 0);
            session.onLoop(Wire::resumeReading);
            session.write("go on");
            assertThat(polls.get("/polls").read().text()).isEqualTo("go on");
            assertThat(session.events()).containsExactly("open");
        }
    }

    @Test
    void whatIsWrittenInOnePassIsOneAnswer() {
        var session = new RecordingSession();
        try (var server = new PostedFixture(SETTINGS, PATIENT, session);
                RawHttp polls = server.connect()) {
            firstPoll(polls);
            session.onLoop(wire -> {
                for (int i = 0; i < 10; i++) {
                    RecordingSession.write(wire, "m" + i);
                }
            });
            assertThat(polls.get("/polls").read().text()).isEqualTo("m0m1m2m3m4m5m6m7m8m9");
        }
    }

    @Test
    void anAnswerIsBoundedAndTheRestComesWithTheNext() {
        var session = new RecordingSession();
        try (var server = new PostedFixture(SETTINGS, PATIENT, session);
                RawHttp polls = server.connect()) {
            firstPoll(polls);
            EncodedFrame frame = RecordingSession.text("x".repeat(100_000));
            session.onLoop(wire -> Collections.nCopies(30, frame).forEach(wire::write));
            int total = 0;
            int answers = 0;
            while (total < 3_000_000) {
                int size = polls.get("/polls").read().body().length;
                assertThat(size).isLessThan(400_000);
                total += size;
                answers++;
            }
            assertThat(total).isEqualTo(3_000_000);
            assertThat(answers).isGreaterThan(5);
            frame.release();
        }
    }

    @Test
    void anAnswerThatIsNotReadIsGivenUpWhenTheClientPollsElsewhere() {
        var session = new RecordingSession();
        try (var server = new PostedFixture(SETTINGS, PATIENT, session);
                RawHttp first = server.connect();
                RawHttp stuck = RawHttp.connect(server.address(), 4096);
                RawHttp other = server.connect()) {
            firstPoll(first);
            // More than any kernel takes for somebody who does not read; a waiting poll takes it whole.
            EncodedFrame huge = RecordingSession.text("x".repeat(40 << 20));
            stuck.get("/polls");
            other.get("/polls");
            await().until(() -> stuck.hasMore() || other.hasMore());
            RawHttp waiting = stuck.hasMore() ? other : stuck;
            RawHttp next = stuck.hasMore() ? stuck : other;
            assertThat(next.read().status()).isEqualTo(204);
            session.onLoop(wire -> wire.write(huge));
            await().until(waiting::hasMore);
            session.write("after");
            assertThat(next.get("/polls").read().text()).isEqualTo("after");
            byte[] some = new byte[1 << 16];
            assertThat(drain(waiting, some)).as("cut before its end").isLessThan(40 << 20);
            huge.release();
        }
    }

    private static long drain(RawHttp http, byte[] some) {
        long total = 0;
        try {
            for (int n = http.socket().getInputStream().read(some);
                    n >= 0;
                    n = http.socket().getInputStream().read(some)) {
                total += n;
            }
        } catch (IOException reset) {
            return total;
        }
        return total;
    }

    /** The clock for polls that do not come runs in the process that would have to read them. */
    @Test
    void aLoopThatStoodStillDoesNotEndItsClients() {
        var session = new RecordingSession();
        var clocks = new LongPollingSettings(Duration.ofSeconds(30), Duration.ofSeconds(2));
        try (var server = new PostedFixture(SETTINGS, clocks, session);
                RawHttp polls = server.connect()) {
            firstPoll(polls);
            session.onLoop(_ -> standStill(Duration.ofMillis(3500)));
            session.write("nobody has gone");
            assertThat(polls.get("/polls").read().text()).isEqualTo("nobody has gone");
            assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Lost());
        }
    }

    private static void standStill(Duration howLong) {
        try {
            assertThat(new CountDownLatch(1).await(howLong.toMillis(), TimeUnit.MILLISECONDS))
                    .isFalse();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void noBufferIsLost() throws Exception {
        Set<String> leaks = ConcurrentHashMap.newKeySet();
        String planted = "a planted leak of posted wires";
        ByteBufUtil.setLeakListener((_, records) -> leaks.add(records));
        try {
            for (int round = 0; round < 10; round++) {
                traffic("/events");
                traffic("/polls");
            }
            PooledByteBufAllocator.DEFAULT.buffer(16).touch(planted);
            await().untilAsserted(() -> {
                System.gc();
                PooledByteBufAllocator.DEFAULT.buffer(16).release();
                assertThat(leaks).anyMatch(leak -> leak.contains(planted));
            });
            assertThat(leaks).allMatch(leak -> leak.contains(planted));
        } finally {
            ByteBufUtil.setLeakListener(null);
        }
    }

    /** Ends in the middle of everything: a body that waits, frames that nobody fetched, a poll without an answer. */
    private static void traffic(String path) throws Exception {
        var session = new RecordingSession();
        try (var server = new PostedFixture(SETTINGS, PATIENT, session);
                RawHttp http = server.connect();
                RawHttp posts = server.connect()) {
            http.get(path, "Accept: text/event-stream").readHead();
            posts.body("POST", "/", "one");
            session.awaitEvents("open", "text one");
            EncodedFrame frame = RecordingSession.text("x".repeat(50_000));
            session.onLoop(wire -> Collections.nCopies(20, frame).forEach(wire::write));
            session.onLoop(Wire::pauseReading);
            posts.body("POST", "/", "two");
            await().until(() -> server.budget().used() > 0);
            http.socket().close();
            session.onLoop(wire -> wire.close(WireClose.GOING_AWAY));
            frame.release();
        }
    }
}
