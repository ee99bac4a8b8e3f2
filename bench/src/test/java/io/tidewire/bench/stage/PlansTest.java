package io.tidewire.bench.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.bench.contestant.Contestant;
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
        assertThat(plan.estimate()).isLessThan(0.95 * plan.bound());
        assertThat(plan.pace().rounds()).isGreaterThanOrEqualTo(5);
        assertThat(plan.pace().seconds()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void aQuickRunFitsIntoThree() {
        Plan plan = Plans.of(wishes(Set.of(), true, EVERYBODY));

        assertThat(plan.bound()).isEqualTo(3 * 60);
        assertThat(plan.estimate()).isLessThan(0.95 * plan.bound());
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
