package io.tidewire.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Web PubSub reference E: the patterns of {@code joinLeaveGroups} and {@code sendToGroups}. */
class GroupPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                // the whole name, in its letter case
                "room room yes",
                "room Room no",
                "room room1 no",
                "room roo no",
                // one character but a dot
                "room? room1 yes",
                "room? room no",
                "room? room12 no",
                "room? room. no",
                "?? ab yes",
                "? é yes",
                // any number of characters but dots
                "room.* room.1 yes",
                "room.* room. yes",
                "room.* room no",
                "room.* room.1.2 no",
                "* room yes",
                "* room.1 no",
                "*.* a.b yes",
                "*.* a.b.c no",
                "*.*.* a.b.c yes",
                "a*b ab yes",
                "a*b axxb yes",
                "a*b abxb yes",
                "a*b axxbx no",
                "a*b a.b no",
                "*a*a* bab no",
                "*a*a* baab yes",
                "a*?b axb yes",
                "a*?b ab no",
                // any characters
                "** room yes",
                "** room.1.2 yes",
                "room.** room.1.2 yes",
                "room.** room. yes",
                "room.** room no",
                "**.log a.b.log yes",
                "**.log log no",
                "a**b a..b yes",
                "a**b ab yes",
                "a**c*e abc.cde yes",
                "a**c*e abcd.e no",
                "**a*b**c x.ab.ab.c yes",
                // the longer one is taken first
                "*** a.b yes",
                "a***b a.x.b yes",
                "***** a.b yes",
                // as it is
                "\\* * yes",
                "\\* a no",
                "a\\?b a?b yes",
                "a\\?b axb no",
                "\\\\ \\ yes",
                "\\\\* \\x yes",
                "\\** *x yes",
                "[a-z]+ [a-z]+ yes",
                "[a-z]+ abc no",
                "a+ aa no",
                "(a|b) a no",
                "{a,b} {a,b} yes"
            })
    void aNameFitsOrNot(String pattern, String name, String fits) {
        assertThat(GroupPattern.of(pattern).matches(name)).isEqualTo(fits.equals("yes"));
    }

    @Test
    void thereIsNoEmptyName() {
        assertThat(GroupPattern.of("?").matches("")).isFalse();
        assertThat(GroupPattern.of("a").matches("")).isFalse();
        assertThat(GroupPattern.of("*").matches("")).isTrue();
        assertThat(GroupPattern.of("**").matches("")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "******", "a*b*c*d*e*f*", "**a**b**", "\\", "a\\", "\\a", "a\\.b"})
    void aBrokenPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> GroupPattern.of(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thereIsALimitOfCharactersAndOfAsterisks() {
        assertThat(GroupPattern.of("a".repeat(1024)).matches("a".repeat(1024))).isTrue();
        assertThatThrownBy(() -> GroupPattern.of("a".repeat(1025))).hasMessageContaining("1024");
        assertThat(GroupPattern.of("*a*b*c*d*").matches("abcd")).isTrue();
        assertThat(GroupPattern.of("*\\*a*b*c*d*").matches("*abcd")).isTrue();
        assertThatThrownBy(() -> GroupPattern.of("*a*b*c*d*e*")).hasMessageContaining("5 asterisks");
        assertThatThrownBy(() -> GroupPattern.of("**a**b*c*")).hasMessageContaining("5 asterisks");
    }

    @Test
    void showsItsText() {
        assertThat(GroupPattern.of("a\\*.**")).hasToString("a\\*.**");
    }

    /** The rules, word for word: slow, and without anything that the matcher does. */
    private static boolean fits(String pattern, int p, String name, int n) {
        if (p == pattern.length()) {
            return n == name.length();
        }
        char c = pattern.charAt(p);
        boolean more = n < name.length();
        if (pattern.startsWith("**", p)) {
            return fits(pattern, p + 2, name, n) || (more && fits(pattern, p, name, n + 1));
        }
        if (c == '*') {
            return fits(pattern, p + 1, name, n) || (more && name.charAt(n) != '.' && fits(pattern, p, name, n + 1));
        }
        if (c == '?') {
            return more && name.charAt(n) != '.' && fits(pattern, p + 1, name, n + 1);
        }
        int literal = c == '\\' ? p + 1 : p;
        return more && name.charAt(n) == pattern.charAt(literal) && fits(pattern, literal + 1, name, n + 1);
    }

    @Test
    void fitsWhatTheRulesSay() {
        long seed = Long.getLong("tidewire.seed", 20);
        var random = new Random(seed);
        int fitting = 0;
        for (int i = 0; i < 200_000; i++) {
            String pattern = text(random, "ab.?**\\", 8);
            String name = text(random, "aab..*?\\", 10);
            GroupPattern read;
            try {
                read = GroupPattern.of(pattern);
            } catch (IllegalArgumentException broken) {
                continue;
            }
            boolean expected = fits(pattern, 0, name, 0);
            assertThat(read.matches(name))
                    .as("%s with %s, seed %d", pattern, name, seed)
                    .isEqualTo(expected);
            fitting += expected ? 1 : 0;
        }
        assertThat(fitting).isGreaterThan(3_000);
    }

    private static String text(Random random, String characters, int longest) {
        var text = new StringBuilder();
        for (int left = random.nextInt(longest + 1); left > 0; left--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    /** What makes a matcher that tries everything try for years. The time is no measure, only an end. */
    @ParameterizedTest
    @ValueSource(strings = {"*a*a*a*a*b", "**a**a*b", "**a*AAA*b", "*AAA*AAA*AAA*b", "**?AAA*?AAAb", "A?A*A*A**b"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void hostilePatternsStayCheap(String shape) {
        GroupPattern pattern =
                GroupPattern.of(shape.replace("AAA", "a".repeat(300)).replace("A", "a".repeat(250)));
        String name = "a".repeat(1024);
        for (int i = 0; i < 100; i++) {
            assertThat(pattern.matches(name)).isFalse();
        }
    }

    @Test
    void aNameLongerThanAGroupsFitsNothing() {
        assertThat(GroupPattern.of("**").matches("a".repeat(1024))).isTrue();
        assertThat(GroupPattern.of("**").matches("a".repeat(1025))).isFalse();
    }

    /** The steps of one name must not be seen by the next one. */
    @Test
    void namesDoNotLeaveAnythingBehind() {
        GroupPattern any = GroupPattern.of("**");
        GroupPattern two = GroupPattern.of("a*b");
        assertThat(any.matches("x".repeat(1000))).isTrue();
        assertThat(two.matches("a.b")).isFalse();
        assertThat(any.matches("x".repeat(1000))).isTrue();
        assertThat(two.matches("axb")).isTrue();
        assertThat(two.matches("axbx")).isFalse();
    }
}
