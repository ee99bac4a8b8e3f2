package io.tidewire.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SearchTest {
    /** Of two letters, so that much of the part is found before it is not. */
    @Test
    void findsWhatTheSimpleWayFinds() {
        var random = new Random(1);
        int found = 0;
        for (int i = 0; i < 2000; i++) {
            String text = text(random, 1000 + random.nextInt(1000));
            String part = random.nextBoolean()
                    ? text(random, 5 + random.nextInt(6))
                    : text.substring(random.nextInt(500), 500 + random.nextInt(500));
            assertThat(Search.indexOf(text, part)).isEqualTo(text.indexOf(part));
            found += text.contains(part) ? 1 : 0;
        }
        assertThat(found).isBetween(500, 1990);
    }

    private static String text(Random random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(random.nextInt(8) == 0 ? 'b' : 'a');
        }
        return text.toString();
    }

    /** What takes the simple way minutes. */
    @Test
    void theWorstStringsTakeNoLongerThanOthers() {
        String text = "a".repeat(5_000_000);
        assertThat(Search.indexOf(text, "a".repeat(2_000_000) + "b")).isEqualTo(-1);
        assertThat(Search.indexOf(text + "b", "a".repeat(2_000_000) + "b")).isEqualTo(3_000_000);
    }
}
