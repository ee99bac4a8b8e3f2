package io.tidewire.bench.contestant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.bench.load.Requests;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContestantsTest {
    static List<Contestant> all() {
        return Contestants.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whoHasClientsPublishesWithRoomForTheNumber(Contestant contestant) {
        for (Audience audience : Audience.values()) {
            Optional<Requests> requests = contestant.requests(audience, 128, 40);
            requests.ifPresent(found -> {
                assertThat(found.each()).isEqualTo(audience.deliveries(40));
                for (byte[] record : found.records()) {
                    assertThat(new String(record, UTF_8)).containsOnlyOnce(Requests.SEQUENCE);
                }
            });
        }
        assertThat(contestant.clients(Crowd.LISTENERS, 40).orElseThrow().count())
                .isEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everybodyTakesBroadcasts(Contestant contestant) {
        assertThat(contestant.requests(Audience.EVERYBODY, 128, 10)).isPresent();
        assertThat(contestant.requests(Audience.EVERYBODY, 2048, 10)).isPresent();
    }

    @Test
    void aSignalRMessageHasTheSizeThatWasAskedFor() {
        String posted = SignalRMessage.body(128);

        // {"type":1, in front of it, the separator behind it, for one brace.
        assertThat("{\"type\":1," + posted.substring(1) + '\u001e').hasSize(128);
    }

    @Test
    void smallGroupsHaveTheSameMembersEverywhere() {
        assertThat(Audience.GROUP_OF_TEN.many(19_000)).isEqualTo(1_900);
        for (Contestant contestant : Contestants.all()) {
            contestant
                    .requests(Audience.GROUP_OF_TEN, 128, 40)
                    .ifPresent(requests -> assertThat(requests.records()).hasSize(4));
        }
    }

    @Test
    void aNameIsFoundAgain() {
        for (Contestant contestant : Contestants.all()) {
            assertThat(Contestants.named(contestant.name())).isSameAs(contestant);
        }
    }
}
