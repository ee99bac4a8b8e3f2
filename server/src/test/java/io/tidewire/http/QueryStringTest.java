package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryStringTest {
    @Test
    void valuesInOrderWithoutRegardToCase() {
        var query = new QueryString("excluded=a&hub=chat&Excluded=b&&EXCLUDED=&flag&=nameless");
        assertThat(query.first("excluded")).isEqualTo("a");
        assertThat(query.last("excluded")).isEmpty();
        assertThat(query.all("excluded")).containsExactly("a", "b", "");
        assertThat(query.first("HUB")).isEqualTo("chat");
        assertThat(query.first("flag")).isEmpty();
        assertThat(query.first("")).isEqualTo("nameless");
        assertThat(query.first("absent")).isNull();
        assertThat(query.last("absent")).isNull();
        assertThat(query.all("absent")).isEmpty();
    }

    @Test
    void decodedOnce() {
        var query = new QueryString("a=x+y%2Bz&b=%2526&%C3%A4=%E2%82%AC&c=a=b");
        assertThat(query.first("a")).isEqualTo("x y+z");
        assertThat(query.first("b")).isEqualTo("%26");
        assertThat(query.first("ä")).isEqualTo("€");
        assertThat(query.first("c")).isEqualTo("a=b");
        // Only ASCII has no case here.
        assertThat(query.first("Ä")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%=1", "a=%FF", "a=%C0%80", "ok=1&b=%ED%B0%80"})
    void badEncoding(String raw) {
        var query = new QueryString(raw);
        assertThatThrownBy(() -> query.first("ok"))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.status()).isEqualTo(400));
    }

    @Test
    void atMostAThousand() {
        assertThat(new QueryString("a=1&".repeat(1000)).all("a")).hasSize(1000);
        assertThatThrownBy(() -> new QueryString("a=1&".repeat(1001)).all("a"))
                .isInstanceOf(Problem.class)
                .hasMessage("The query has more than 1000 parameters.");
    }
}
