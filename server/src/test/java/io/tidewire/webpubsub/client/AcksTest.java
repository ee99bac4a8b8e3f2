package io.tidewire.webpubsub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.webpubsub.client.Acks.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which ack ids are known, against plain sets that say the same. */
class AcksTest {
    private static final int STEPS = 20_000;

    /** How clients choose ids, as a function of how many there were. */
    enum Habit {
        COUNTING,
        DOWNWARD,
        EVERY_SECOND,
        OVER_THE_LARGEST_NUMBER,
        SCATTERED,
        AT_FIRST_COUNTING,
        IN_PAIRS_THE_LATER_FIRST,
        THE_SAME_FEW;

        long id(long n) {
            return switch (this) {
                case COUNTING -> n;
                case DOWNWARD -> -n;
                case EVERY_SECOND -> n * 2;
                case OVER_THE_LARGEST_NUMBER -> Long.MAX_VALUE - 5000 + n;
                case SCATTERED -> n * 0x9E3779B97F4A7C15L;
                case AT_FIRST_COUNTING -> n < 3000 ? n : n * 2;
                case IN_PAIRS_THE_LATER_FIRST -> n ^ 1;
                case THE_SAME_FEW -> n * 7 % 1500;
            };
        }
    }

    /** The plain sets. */
    private static final class Model {
        private final Set<Long> pending = new HashSet<>();
        private final LinkedHashSet<Long> done = new LinkedHashSet<>();

        State begin(long id) {
            return done.contains(id) ? State.DONE : pending.add(id) ? State.NEW : State.PENDING;
        }

        void end(long id, boolean succeeded) {
            pending.remove(id);
            if (succeeded) {
                done.add(id);
                if (done.size() > Acks.REMEMBERED) {
                    done.removeFirst();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theyKnowWhatSetsKnow(Habit habit) {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var acks = new Acks();
        var model = new Model();
        List<Long> begun = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            long id = habit.id(random.nextInt(10) == 0 ? random.nextInt(i + 1) : i);
            State state = acks.begin(id);
            assertThat(state).as("seed %d, step %d, id %d", seed, i, id).isEqualTo(model.begin(id));
            if (state == State.NEW) {
                begun.add(id);
            }
            if (!begun.isEmpty() && random.nextInt(8) != 0) {
                long ended = begun.remove(random.nextInt(10) == 0 ? random.nextInt(begun.size()) : 0);
                boolean succeeded = random.nextInt(20) != 0;
                if (succeeded) {
                    acks.succeeded(ended);
                } else {
                    acks.failed(ended);
                }
                model.end(ended, succeeded);
            }
        }
    }

    @Test
    void whatIsDoneTwiceIsRememberedOnce() {
        var acks = new Acks();
        acks.begin(1);
        acks.succeeded(1);
        acks.succeeded(1);
        for (int id = 2; id <= Acks.REMEMBERED; id++) {
            acks.begin(id);
            acks.succeeded(id);
        }
        assertThat(acks.begin(1)).isEqualTo(State.DONE);
        assertThat(acks.begin(2)).isEqualTo(State.DONE);
    }
}
