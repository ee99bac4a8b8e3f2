package io.tidewire.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no filter is told at which character, and bounds are told by their number (row B19). */
class InvalidFilterTest {
    private static InvalidFilter invalid(String filter) {
        InvalidFilter invalid = catchThrowableOfType(InvalidFilter.class, () -> ODataFilter.of(filter));
        assertThat(invalid).as(filter).isNotNull();
        assertThat(invalid.getMessage()).endsWith(" at character " + invalid.position());
        return invalid;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\" | 1 | Expected a value but the filter ends",
                "\"   \" | 4 | Expected a value but the filter ends",
                "userId eq | 10 | Expected a value but the filter ends",
                "userId eq 'a | 11 | The string is not closed that begins",
                "userId eq 'o'brien' | 14 | Unexpected `b`",
                "userId eq 'x'or'1' eq '1' | 14 | Unexpected `o`",
                "userId eq'x' | 10 | Unexpected `'`",
                "userId eq 'x'; true | 14 | Unexpected `;`",
                "userId eq 'x' -- | 15 | Unexpected `-`",
                "userId = 'a' | 8 | Unexpected `=`",
                "userId eq \u201Cx\u201D | 11 | Unexpected U+201C",
                "1x eq 1 | 2 | Unexpected `x`",
                "groups/any(g: g eq 'x') | 7 | Unexpected `/`",
                "(true | 6 | Expected ')' but the filter ends",
                "true) | 5 | Expected 'and', 'or' or the end but `)` was found",
                "true false | 6 | Expected 'and', 'or' or the end but `false` was found",
                "userId eq 'a' 'b' | 15 | Expected 'and', 'or' or the end but `b` was found",
                "userId eq 'a' eq true | 15 | Expected 'and', 'or' or the end but `eq` was found",
                "and true | 1 | `and` is not known here",
                "true and | 9 | Expected a value but the filter ends",
                "not | 4 | Expected a value but the filter ends",
                "() | 2 | Expected a value but `)` was found",
                "user eq 'a' | 1 | `user` is not known here; a connection has userId, connectionId, groups and protocol;",
                "matches(userId, 'a') | 1 | `matches` is not a function; these are length,",
                "userId(1) | 1 | `userId` is not a function",
                "length() eq 1 | 1 | `length()` has 0 arguments where 1 are expected",
                "contains(userId) | 1 | `contains(userId)` has 1 arguments where 2 are expected",
                "substring('a',1,2,3) eq '' | 1 | has 4 arguments where 2 or 3 are expected",
                "contains(userId,) | 17 | Expected a value but `)` was found",
                "contains(userId 'a') | 17 | Expected ')' but `a` was found",
                // types
                "userId | 1 | `userId` is a string where a condition is expected",
                "1 | 1 | `1` is an integer where a condition is expected",
                "null | 1 | `null` is null where a condition is expected",
                "groups | 1 | `groups` is a collection of strings where a condition is expected",
                "not userId | 5 | `userId` is a string where a condition is expected",
                "true and userId | 10 | `userId` is a string where a condition is expected",
                "userId or true | 1 | `userId` is a string where a condition is expected",
                "true or (1 eq 1 and 'x') | 21 | `'x'` is a string where a condition is expected",
                "false and length(true) eq 1 | 18 | `true` is a condition where a string is expected",
                "userId eq 1 | 11 | `1` is an integer where a string is expected",
                "1 eq userId | 6 | `userId` is a string where an integer is expected",
                "true eq 'true' | 9 | `'true'` is a string where a condition is expected",
                "userId gt 'a' | 1 | `userId` is a string where an integer is expected",
                "1 lt 'a' | 6 | `'a'` is a string where an integer is expected",
                "startswith(userId, 1) | 20 | `1` is an integer where a string is expected",
                "substring(userId, 'a') eq '' | 19 | `'a'` is a string where an integer is expected",
                // groups
                "groups eq 'a' | 1 | `groups` is a collection of strings where a single value is expected",
                "'a' eq groups | 8 | `groups` is a collection of strings where a string is expected",
                "groups eq null | 1 | `groups` is a collection of strings where a single value is expected",
                "null eq groups | 9 | `groups` is a collection of strings where a single value is expected",
                "groups in groups | 1 | `groups` is a collection of strings where a string is expected",
                "groups in ('a') | 1 | `groups` is a collection of strings where a string is expected",
                "contains(groups, 'a') | 10 | `groups` is a collection of strings where a string is expected",
                "1 in groups | 1 | `1` is an integer where a string is expected",
                "'a' in userId | 8 | Expected 'groups' or a list of values in parentheses but `userId` was found",
                "'a' in | 7 | Expected 'groups' or a list of values in parentheses but the filter ends",
                "'a' in () | 9 | Expected a string but `)` was found",
                "'a' in (groups) | 9 | Expected a string but `groups` was found",
                "'a' in ('b', 1) | 14 | Expected a string but `1` was found",
                "'a' in ('b' | 12 | Expected ')' but the filter ends",
                "1 in (1, 'b') | 10 | Expected an integer but `b` was found",
                "true in (true) | 1 | `true` is a condition where a string is expected",
                // bounds
                "1234567890123456789 eq 1 | 1 | An integer of more than 18 characters",
                "1 in (1234567890123456789) | 7 | An integer of more than 18 characters",
            })
    void isToldWhatAndWhere(String filter, int position, String what) {
        InvalidFilter invalid = invalid(filter);
        assertThat(invalid.getMessage()).contains(what);
        assertThat(invalid.position()).isEqualTo(position);
    }

    @Test
    void depthIsBoundedHoweverItIsMade() {
        for (String opening : List.of("(", "not (", "trim(", "true or (", "1 eq length(concat('a',")) {
            InvalidFilter invalid = invalid(opening.repeat(Parser.MAX_LENGTH / opening.length()));
            assertThat(invalid.getMessage()).contains("The filter is nested deeper than 100 levels");
            assertThat(invalid.position()).isLessThan(3000);
        }
        assertThat(invalid("(".repeat(10_000) + "true" + ")".repeat(10_000)).position())
                .isEqualTo(101);
    }

    @Test
    void sizeAndLengthAreBounded() {
        assertThat(invalid("not ".repeat(10_000) + "true").getMessage())
                .contains("The filter has more than 1000 operators and values");
        assertThat(invalid("true" + " or true".repeat(600)).getMessage())
                .contains("The filter has more than 1000 operators and values");
        for (String megabyte : List.of(
                "x".repeat(1 << 20),
                "'".repeat(1 << 20),
                " ".repeat(1 << 20),
                "userId in ('" + "a','".repeat(1 << 18))) {
            InvalidFilter invalid = invalid(megabyte);
            assertThat(invalid.getMessage()).contains("The filter is longer than 65536 characters");
            assertThat(invalid.position()).isEqualTo(65_537);
        }
    }

    @Test
    void aMessageIsNotAsLongAsTheFilter() {
        assertThat(invalid("'" + "x".repeat(60_000) + "'").getMessage()).hasSizeLessThan(200);
        assertThat(invalid("x".repeat(60_000)).getMessage()).hasSizeLessThan(200);
        assertThat(invalid("1".repeat(60_000)).getMessage()).hasSizeLessThan(200);
    }
}
