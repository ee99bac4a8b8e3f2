package io.tidewire.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class LoggingTest {
    /** What a peer may put into an id: line ends, a colour, an 8-bit escape, a direction change, a line separator. */
    private static final String EVIL =
            "id\r\n2026-01-01 00:00:00.000 INFO  forged: line\u001b[31m\u009b2J\u202e\u2028end";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void oneLineForPeople() {
        assertThat(logged(Map.of(), logger -> logger.info("connection {} opened", "c1")))
                .matches(
                        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  signalr\\.Test: connection c1 opened\n");
    }

    @Test
    void idsCannotForgeLinesOrSteerTheTerminal() {
        String text = logged(Map.of(), logger -> logger.info("connection {} opened", EVIL));

        assertThat(text.lines()).hasSize(1);
        assertThat(text)
                .endsWith("INFO  signalr.Test: connection id\\u000d\\u000a2026-01-01 00:00:00.000 INFO  forged: line"
                        + "\\u001b[31m\\u009b2J\\u202e\\u2028end opened\n");
    }

    @Test
    void idsCannotForgeLinesInJson() {
        String text =
                logged(Map.of("TIDEWIRE_LOG_FORMAT", "json"), logger -> logger.info("connection {} opened", EVIL));

        assertThat(text.lines()).hasSize(1);
        assertThat(text.chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
        assertThat(text)
                .startsWith("{\"timestamp\":")
                .contains("\"level\":\"INFO\"")
                .contains("\"loggerName\":\"io.tidewire.signalr.Test\"")
                .contains("id\\r\\n2026-01-01")
                .endsWith("}\n");
    }

    @Test
    void aThrowableTakesTheRestOfTheLine() {
        var cause = new IOException("reset\nby peer");
        String text = logged(Map.of(), logger -> logger.warn("failed", new IllegalStateException("outer", cause)));

        assertThat(text.lines()).hasSize(1);
        assertThat(text)
                .contains("failed - java.lang.IllegalStateException: outer at io.tidewire.observe.LoggingTest.")
                .contains(" caused by java.io.IOException: reset\\u000aby peer at ");
    }

    @Test
    void longTextIsCut() {
        assertThat(logged(Map.of(), logger -> logger.info("x".repeat(100_000))))
                .hasSizeLessThan(9000)
                .endsWith("...\n");
    }

    @Test
    void levels() {
        Noise noise = logger -> {
            logger.debug("ours-debug");
            logger.info("ours-info");
            Logger library = logger.getLoggerContext().getLogger("io.netty.Test");
            library.debug("theirs-debug");
            library.info("theirs-info");
        };

        assertThat(logged(Map.of(), noise)).contains("ours-info", "theirs-info").doesNotContain("debug");
        assertThat(logged(Map.of("TIDEWIRE_LOG_LEVEL", "debug"), noise))
                .contains("ours-debug", "theirs-info")
                .doesNotContain("theirs-debug");
        assertThat(logged(Map.of("TIDEWIRE_LOG_LEVEL", "TRACE"), noise)).contains("ours-debug", "theirs-debug");
        assertThat(logged(Map.of("TIDEWIRE_LOG_LEVEL", "warn"), noise)).isEmpty();
    }

    /** Headers and queries of web hooks hold keys and tokens. */
    @Test
    void theHttpClientNeverTellsWhatItSends() {
        Noise noise = logger -> {
            Logger client = logger.getLoggerContext().getLogger("org.apache.hc.client5.http.headers");
            client.debug("secret");
            client.warn("trouble");
        };

        assertThat(logged(Map.of("TIDEWIRE_LOG_LEVEL", "trace"), noise))
                .doesNotContain("secret")
                .contains("trouble");
        assertThat(logged(Map.of("TIDEWIRE_LOG_LEVEL", "error"), noise)).isEmpty();
    }

    /** The reader of stderr stops reading: whoever logs goes on, and every lost line is counted. */
    @Test
    void aStuckReaderHoldsNobodyUp() throws InterruptedException {
        var stuck = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var written = new ByteArrayOutputStream();
        OutputStream blocking = new OutputStream() {
            @Override
            public void write(int b) {
                written.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                stuck.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                written.write(bytes, offset, length);
            }
        };
        long before = Logging.dropped();
        int events = NeverBlockingAppender.QUEUE * 2;
        LoggerContext context = context();
        new Logging(Map.of(), blocking).configure(context);
        Logger logger = context.getLogger("io.tidewire.signalr.Test");
        logger.error("first");
        assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();

        long start = System.nanoTime();
        for (int i = 1; i < events; i++) {
            logger.error("line");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        long dropped = Logging.dropped() - before;
        assertThat(dropped).isGreaterThan(NeverBlockingAppender.QUEUE - 100);

        release.countDown();
        await().untilAsserted(() -> assertThat(
                        written.toString(StandardCharsets.UTF_8).lines().count())
                .isEqualTo(events - dropped));
        context.stop();
    }

    /** Found by its service file, without a file of logback's own. */
    @Test
    void logbackFindsIt() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

        assertThat(context.getLogger("ROOT").getAppender("queue")).isInstanceOf(NeverBlockingAppender.class);
    }

    private interface Noise {
        void make(Logger logger);
    }

    /** As slf4j makes it, which also gives it somewhere to keep thread contexts. */
    private static LoggerContext context() {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        return context;
    }

    private String logged(Map<String, String> environment, Noise noise) {
        out.reset();
        LoggerContext context = context();
        new Logging(environment, out).configure(context);
        noise.make(context.getLogger("io.tidewire.signalr.Test"));
        context.stop();
        return out.toString(StandardCharsets.UTF_8);
    }
}
