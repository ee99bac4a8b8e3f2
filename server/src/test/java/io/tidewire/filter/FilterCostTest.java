package io.tidewire.filter;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.hub.Connection;
import io.tidewire.service.protocol.Cost;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Asking a filter for a connection takes no memory, however long the filter is: it is read once for all connections. */
class FilterCostTest {
    private static final int TIMES = 20_000;

    private static Crowd crowd;

    @BeforeAll
    static void gather() {
        crowd = new Crowd(List.of(new Crowd.Person("a", "Ann", List.of("g", "vip"), "json")));
    }

    @AfterAll
    static void disperse() {
        crowd.close();
    }

    static Stream<String> filters() {
        return Stream.of(
                "userId eq 'Ann' and connectionId ne 'b' or userId eq null",
                "'g' in groups and not ('x' in groups) and length(groups) gt 1",
                "startswith(userId, 'A') and endswith(userId, 'n') and contains(userId, 'n')",
                "indexof(userId, 'nn') eq 1 and length(userId) in (1, 2, 3) and protocol eq 'json'",
                "connectionId in ("
                        + IntStream.range(0, 500).mapToObj(i -> "'c" + i + "'").collect(joining(",")) + ")",
                IntStream.range(0, 300).mapToObj(i -> "'g" + i + "' in groups").collect(joining(" or ")));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void askingTakesNoMemory(String filter) {
        ODataFilter asked = ODataFilter.of(filter);
        Cost cost = crowd.on(connection -> Cost.of(() -> ask(asked, connection)));
        // What the measuring itself takes, and nothing for each time.
        assertThat(cost.bytes()).isLessThan(TIMES);
    }

    private static void ask(ODataFilter filter, Connection connection) {
        for (int i = 0; i < TIMES; i++) {
            filter.matches(connection);
        }
    }
}
