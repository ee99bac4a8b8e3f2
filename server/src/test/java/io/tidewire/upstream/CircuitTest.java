package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.upstream.Circuit.Change;
import io.tidewire.upstream.Circuit.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private static final CircuitSettings SETTINGS =
            new CircuitSettings(3, 50, Duration.ofSeconds(10), Duration.ofSeconds(5));

    private long now;
    private final Circuit circuit = new Circuit(SETTINGS, () -> now);

    @Test
    void opensAtTheFailuresOfAWindow() {
        assertThat(call(Verdict.FAILED)).isEqualTo(Change.NONE);
        assertThat(call(Verdict.FAILED)).isEqualTo(Change.NONE);
        assertThat(circuit.refuses()).isFalse();

        assertThat(call(Verdict.FAILED)).isEqualTo(Change.OPENED);

        assertThat(circuit.refuses()).isTrue();
        assertThat(circuit.refusal())
                .isEqualTo("3 of 3 calls failed within 10s (upstream.circuit.failures, .failurePercent, .window); "
                        + "not called for another 5s (upstream.circuit.openFor)");
    }

    @Test
    void staysClosedWhileMostCallsAreWell() {
        for (int i = 0; i < 50; i++) {
            assertThat(call(Verdict.WELL)).isEqualTo(Change.NONE);
            assertThat(call(Verdict.WELL)).isEqualTo(Change.NONE);
            assertThat(call(Verdict.FAILED)).isEqualTo(Change.NONE);
        }
        assertThat(circuit.refuses()).isFalse();
    }

    @Test
    void opensWhenHalfOfTheCallsFail() {
        call(Verdict.WELL);
        call(Verdict.WELL);
        call(Verdict.WELL);
        call(Verdict.FAILED);
        call(Verdict.FAILED);

        assertThat(call(Verdict.FAILED)).isEqualTo(Change.OPENED);
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        call(Verdict.FAILED);
        call(Verdict.FAILED);
        pass(10);

        assertThat(call(Verdict.FAILED)).isEqualTo(Change.NONE);
        assertThat(circuit.refuses()).isFalse();
    }

    @Test
    void whatTellsNothingCountsForNothing() {
        for (int i = 0; i < 10; i++) {
            assertThat(call(Verdict.UNKNOWN)).isEqualTo(Change.NONE);
        }
        assertThat(circuit.refuses()).isFalse();
    }

    @Test
    void letsOneCallThroughToSee() {
        open();
        pass(5);
        assertThat(circuit.refuses()).isFalse();

        long probe = circuit.begin();

        assertThat(circuit.refuses()).isTrue();
        assertThat(circuit.refusal()).endsWith("one call is under way to see whether it is well again");
        assertThat(circuit.end(probe, Verdict.WELL)).isEqualTo(Change.CLOSED);
        assertThat(circuit.refuses()).isFalse();
        assertThat(call(Verdict.FAILED)).isEqualTo(Change.NONE);
    }

    @Test
    void staysOpenWhenThatCallFails() {
        open();
        pass(5);

        assertThat(circuit.end(circuit.begin(), Verdict.FAILED)).isEqualTo(Change.NONE);

        assertThat(circuit.refuses()).isTrue();
        pass(5);
        assertThat(circuit.refuses()).isFalse();
    }

    @Test
    void anotherCallMaySeeWhenThatOneToldNothing() {
        open();
        pass(5);

        circuit.end(circuit.begin(), Verdict.UNKNOWN);

        assertThat(circuit.refuses()).isFalse();
    }

    @Test
    void callsThatBeganBeforeItOpenedSayNothing() {
        long before = circuit.begin();
        open();

        assertThat(circuit.end(before, Verdict.WELL)).isEqualTo(Change.NONE);
        assertThat(circuit.refuses()).isTrue();
        pass(5);
        long probe = circuit.begin();
        assertThat(circuit.end(before, Verdict.WELL)).isEqualTo(Change.NONE);
        assertThat(circuit.refuses()).isTrue();
        assertThat(circuit.end(probe, Verdict.WELL)).isEqualTo(Change.CLOSED);
    }

    @Test
    void canBeSwitchedOff() {
        var off = new Circuit(new CircuitSettings(0, 50, Duration.ofSeconds(10), Duration.ofSeconds(5)), () -> now);

        for (int i = 0; i < 100; i++) {
            assertThat(off.end(off.begin(), Verdict.FAILED)).isEqualTo(Change.NONE);
        }
        assertThat(off.refuses()).isFalse();
    }

    private void open() {
        call(Verdict.FAILED);
        call(Verdict.FAILED);
        assertThat(call(Verdict.FAILED)).isEqualTo(Change.OPENED);
    }

    private Change call(Verdict verdict) {
        return circuit.end(circuit.begin(), verdict);
    }

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
