package io.tidewire.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewire.bench.stage.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void nothingIsEverything() {
        Options options = Options.parse(List.of());

        assertThat(options.workloads()).isEmpty();
        assertThat(options.contestants()).isEmpty();
        assertThat(options.quick()).isFalse();
    }

    @Test
    void workloadsAndOptionsMix() {
        Options options = Options.parse(List.of(
                "rest", "--quick", "echo", "--contestants", "tidewire,bun", "--seconds", "1.5", "--rounds", "3"));

        assertThat(options.workloads()).containsExactlyInAnyOrder(Workload.REST, Workload.ECHO);
        assertThat(options.contestants()).containsExactlyInAnyOrder("tidewire", "bun");
        assertThat(options.seconds()).hasValue(1.5);
        assertThat(options.rounds()).hasValue(3);
        assertThat(options.quick()).isTrue();
    }

    @Test
    void mistakesNameWhatThereIs() {
        assertThatThrownBy(() -> Options.parse(List.of("brodcast"))).hasMessageContaining("broadcast burst echo");
        assertThatThrownBy(() -> Options.parse(List.of("--contestants", "deno")))
                .hasMessageContaining("bun nchan nats");
        assertThatThrownBy(() -> Options.parse(List.of("--fast"))).hasMessageContaining("--help");
        assertThatThrownBy(() -> Options.parse(List.of("--rounds"))).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> Options.parse(List.of("--clients", "25000"))).hasMessageContaining("19400");
        assertThatThrownBy(() -> Options.parse(List.of("--rounds", "2.5"))).hasMessageContaining("whole number");
        assertThatThrownBy(() -> Options.parse(List.of("--report", "rest"))).hasMessageContaining("no workloads");
    }

    @Test
    void theHelpNamesEveryWorkload() {
        for (Workload workload : Workload.values()) {
            assertThat(Options.HELP).contains("\n  " + workload + " ");
        }
    }
}
