package io.tidewire.service.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    private final AtomicLong now = new AtomicLong();
    private final List<String> lines = new ArrayList<>();
    private final FailureLog log = new FailureLog(now::get, lines::add);

    private void fail(String host, int times) {
        for (int i = 0; i < times; i++) {
            log.failed(host, host + " failed");
        }
    }

    private void minutePasses() {
        now.addAndGet(FailureLog.WINDOW.toNanos());
    }

    @Test
    void theFirstOnesInFullThenACount() {
        fail("http://a", 100);
        minutePasses();
        fail("http://a", 1);

        assertThat(lines)
                .containsExactly(
                        "http://a failed",
                        "http://a failed",
                        "http://a failed",
                        "http://a failed",
                        "http://a failed",
                        "More calls of http://a fail; for the rest of this minute they are counted only",
                        "95 more calls of http://a failed within a minute",
                        "http://a failed");
    }

    @Test
    void eachHostHasLinesOfItsOwn() {
        fail("http://a", 100);
        fail("http://b", 1);
        assertThat(lines).hasSize(7).last().isEqualTo("http://b failed");
    }

    @Test
    void successTellsWhatWasLeftUnsaidOnlyOnceTheMinuteIsOver() {
        fail("http://a", 7);
        log.succeeded("http://a");
        assertThat(lines).hasSize(6);
        minutePasses();
        log.succeeded("http://a");
        log.succeeded("http://a");
        assertThat(lines).hasSize(7).last().isEqualTo("2 more calls of http://a failed within a minute");
    }

    @Test
    void hostsAreBounded() {
        for (int i = 0; i < FailureLog.MAX_HOSTS + 100; i++) {
            log.failed("http://h" + i, "line");
        }
        assertThat(lines).hasSize(FailureLog.MAX_HOSTS + FailureLog.IN_FULL + 1);
    }

    @Test
    void theEndTellsTheRest() {
        fail("http://a", 8);
        log.close();
        assertThat(lines).last().isEqualTo("3 more calls of http://a failed within a minute");
    }
}
