package io.tidewire.bench.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidewire.bench.contestant.Contestant;
import io.tidewire.bench.contestant.Contestant.Engine;
import io.tidewire.bench.contestant.Contestants;
import io.tidewire.bench.stage.Plans.Wishes;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlansTest {
    private static final Set<String> EVERYBODY =
            Contestants.all().stream().map(Contestant::name).collect(Collectors.toUnmodifiableSet());

    @Test
    void everythingFitsIntoFifteenMinutesWithFiveRounds() {
        Plan plan = Plans.of(wishes(Set.of(), false, EVERYBODY));

        assertThat(plan.bound()).isEqualTo(15 * 60);
        assertThat(plan.estimate()).isLessThan(0.96 * plan.bound());
        assertThat(plan.pace().rounds()).isGreaterThanOrEqualTo(5);
        assertThat(plan.pace().seconds()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aWholeRunWarmsCallsUntilTheCompilerRests() {
        Pace pace = Plans.of(wishes(Set.of(), false, EVERYBODY)).pace();

        assertThat(pace.warm(Engine.JVM, true)).isGreaterThanOrEqualTo(24);
        assertThat(pace.warm(Engine.JVM, false)).isGreaterThanOrEqualTo(5);
        assertThat(pace.warm(Engine.NATIVE, true)).isLessThan(1);
    }

    @Test
    void noMoreThanFiveServersOfFourThousandClientsAreThereAtOnce() {
        for (Stage stage : Plans.of(wishes(Set.of(), false, EVERYBODY)).stages()) {
            if (stage instanceof Sitting sitting) {
                assertThat(sitting.series().stream()
                                .flatMap(series -> series.contestants().stream())
                                .distinct())
                        .as(sitting.name())
                        .hasSizeLessThanOrEqualTo(5);
            }
        }
    }

    @Test
    void windowsAtALowRateAreLonger() {
        Pace pace = new Pace(5, 2, 1);

        assertThat(pace.window(1.5)).isEqualTo(3);
        assertThat(pace.rounds(1.5) - pace.rounds(1)).isCloseTo(5, within(0.001));
    }

    @Test
    void aQuickRunFitsIntoThree() {
        Plan plan = Plans.of(wishes(Set.of(), true, EVERYBODY));

        assertThat(plan.bound()).isEqualTo(3 * 60);
        assertThat(plan.estimate()).isLessThan(0.96 * plan.bound());
        assertThat(plan.pace().rounds()).isGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void eachWorkloadHasAStageAndLongerWindowsAlone(Workload workload) {
        Plan alone = Plans.of(wishes(Set.of(workload), false, EVERYBODY));
        Plan all = Plans.of(wishes(Set.of(), false, EVERYBODY));

        assertThat(alone.stages()).isNotEmpty();
        assertThat(alone.estimate()).isLessThan(all.estimate());
        assertThat(alone.pace().seconds()).isGreaterThanOrEqualTo(all.pace().seconds());
    }

    @Test
    void withoutPeersWindowsAreLonger() {
        Set<String> own = Set.of("floor", "tidewire", "tidewire-webpubsub");

        assertThat(Plans.of(wishes(Set.of(), false, own)).pace().seconds())
                .isGreaterThan(
                        Plans.of(wishes(Set.of(), false, EVERYBODY)).pace().seconds());
    }

    @Test
    void whatTheCommandLineSaysIsTaken() {
        Plan plan = Plans.of(new Wishes(
                Set.of(Workload.ECHO), true, EVERYBODY, OptionalInt.of(2), OptionalDouble.of(7), OptionalInt.empty()));

        assertThat(plan.pace().rounds()).isEqualTo(2);
        assertThat(plan.pace().seconds()).isEqualTo(7);
        assertThat(plan.stages()).extracting(Stage::name).containsExactly("echo");
    }

    private static Wishes wishes(Set<Workload> workloads, boolean quick, Set<String> available) {
        return new Wishes(
                workloads, quick, available, OptionalInt.empty(), OptionalDouble.empty(), OptionalInt.empty());
    }
}
