package io.tidewire.filter;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.filter.Crowd.Person;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What filters choose: a, whose user is Ann; b, whose user is bob; n, who has no user. */
class ODataFilterTest {
    private static Crowd crowd;

    @BeforeAll
    static void gather() {
        crowd = new Crowd(List.of(
                new Person("a", "Ann", List.of("g", "vip"), "json"),
                new Person("b", "bob", List.of("g", "it's"), "messagepack"),
                new Person("n", null, List.of(), "json")));
    }

    @AfterAll
    static void disperse() {
        crowd.close();
    }

    private static String chosen(String filter) {
        return crowd.chosen(filter).stream().map(Person::id).collect(joining());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // comparisons
                "userId eq 'Ann' | a",
                "userId eq 'ann' | ",
                "userId ne 'Ann' | bn",
                "'Ann' eq userId | a",
                "userId eq null | n",
                "null ne userId | ab",
                "userId eq userId | abn",
                "userId eq connectionId | ",
                "null eq null | abn",
                "connectionId eq 'b' | b",
                "connectionId eq null | ",
                "protocol eq 'json' | an",
                "length(userId) eq 3 | ab",
                "length(connectionId) gt 0 | abn",
                "length(userId) ge 0 | ab",
                "length(userId) lt 4 | ab",
                "length(userId) le 2 | ",
                "length(userId) eq null | n",
                "length(userId) ne 3 | n",
                "null lt 1 | ",
                "-1 lt 1 | abn",
                "2 gt 2 | ",
                "999999999999999999 gt 999999999999999998 | abn",
                // groups
                "'g' in groups | ab",
                "'G' in groups | ",
                "'it''s' in groups | b",
                "userId in groups | ",
                "null in groups | ",
                "not ('vip' in groups) | bn",
                "not 'vip' in groups | bn",
                "'g' in groups and not ('vip' in groups) | b",
                "length(groups) gt 0 | ab",
                "length(groups) eq 0 | n",
                "concat('v', 'ip') in groups | a",
                // lists
                "userId in ('Ann', 'bob') | ab",
                "userId in ('bob') | b",
                "userId in ('Ann', null) | an",
                "null in ('a', null) | abn",
                "connectionId in ('a','n','x') | an",
                "length(groups) in (0, 3) | n",
                "length(userId) in (3, null) | abn",
                "indexof(userId, 'n') in (-1) | bn",
                // and, or, not, parentheses
                "true | abn",
                "false | ",
                "not false | abn",
                "not not true | abn",
                "not not not true | ",
                "true or false and false | abn",
                "(true or false) and false | ",
                "not true or true | abn",
                "not (true or true) | ",
                "userId eq 'Ann' or userId eq 'bob' or false | ab",
                "userId ne null and connectionId ne 'a' and true | b",
                "((('g' in groups))) | ab",
                "(userId) eq ('Ann') | a",
                "(userId eq 'Ann') eq true | a",
                "(userId eq 'Ann') ne (connectionId eq 'b') | ab",
                "true eq null | ",
                // functions
                "startswith(userId, 'A') | a",
                "startswith(userId, '') | ab",
                "startswith(userId, null) | ",
                "endswith(userId,'b') | b",
                "contains(userId, 'nn') | a",
                "contains('x Ann y', userId) | a",
                "not contains(userId, 'nn') | bn",
                "indexof(userId, 'b') eq 0 | b",
                "indexof(userId, 'b') eq -1 | an",
                "indexof('x', null) eq -1 | abn",
                "tolower(userId) eq 'ann' | a",
                "toupper(userId) eq 'BOB' | b",
                "tolower(userId) eq null | n",
                "trim('  x\t ') eq 'x' | abn",
                "trim(userId) eq null | n",
                "concat(userId, connectionId) eq 'Anna' | a",
                "concat(userId, 'x') eq null | n",
                "substring(userId, 1) eq 'nn' | a",
                "substring(userId, 1, 1) eq 'o' | b",
                "substring(userId, 9) eq '' | ab",
                "substring(userId, -5, 2) eq 'An' | a",
                "substring(userId, 1, -1) eq '' | ab",
                "substring(userId, 0, 999999999999999999) eq 'bob' | b",
                "substring('x', length(userId)) eq null | n",
                "length(concat(userId, 'x')) eq 4 | ab",
                "contains(tolower(concat(userId, connectionId)), 'na') | a",
                // spelling
                "USERID EQ 'Ann' OR ConnectionID Eq 'n' | an",
                "NOT(StartsWith(userid,'A')) AND TRUE | bn",
                "(userId eq 'Ann')or(userId eq 'bob') | ab",
                "userId in('Ann')and true | a",
                "startswith ( userId , 'A' ) | a",
                "'' eq '' | abn",
                "'''' eq '''' | abn",
                "length('''''') eq 2 | abn",
                "length('日本') eq 2 | abn",
            })
    void chooses(String filter, String who) {
        assertThat(chosen(filter)).isEqualTo(who == null ? "" : who);
    }

    @Test
    void blanksOfAnyKindStandBetweenWords() {
        assertThat(chosen("\tuserId\r\n eq  'Ann' \n")).isEqualTo("a");
    }

    @Test
    void longChainsAndListsAreFine() {
        String chain =
                IntStream.range(0, 200).mapToObj(i -> "'g" + i + "' in groups").collect(joining(" or "));
        assertThat(chosen(chain + " or 'vip' in groups")).isEqualTo("a");
        String list = IntStream.range(0, 5000).mapToObj(i -> "'user " + i + "'").collect(joining(","));
        assertThat(chosen("userId in (" + list + ",'bob')")).isEqualTo("b");
        assertThat(chosen("(".repeat(100) + "true" + ")".repeat(100))).isEqualTo("abn");
    }

    @Test
    void aFilterKeepsItsTextForOthersButDoesNotShowIt() {
        ODataFilter filter = ODataFilter.of("userId eq 'Ann'");
        assertThat(filter.source()).isEqualTo("userId eq 'Ann'");
        assertThat(filter.toString()).doesNotContain("Ann");
    }
}
