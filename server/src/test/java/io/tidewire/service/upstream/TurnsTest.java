package io.tidewire.service.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.Budget;
import io.tidewire.hub.Disconnect;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final int BYTES = 16 * 1600;

    private final List<String> told = new ArrayList<>();
    private final Turns.Peer peer = new Turns.Peer() {
        @Override
        public void pause() {
            told.add("pause");
        }

        @Override
        public void resume() {
            told.add("resume");
        }

        @Override
        public void close(Disconnect why) {
            told.add("close");
        }
    };
    private final Turns<Integer> turns =
            new Turns<>(new Turns.Bound(BYTES, "a.setting", new Budget(1 << 20)), peer, _ -> {});

    /** Otherwise a client that sends fast is held back for one message at a time, and sends the rest of its socket in between. */
    @Test
    void aClientIsReadAgainOnlyWhenHalfIsGone() {
        for (int i = 0; i < 17; i++) {
            assertThat(turns.hold(100)).isTrue();
            turns.add(i, 100);
        }
        assertThat(told).containsExactly("pause");
        for (int i = 0; i < 8; i++) {
            turns.done();
        }
        assertThat(told).containsExactly("pause");
        turns.done();
        assertThat(told).containsExactly("pause", "resume");
    }
}
