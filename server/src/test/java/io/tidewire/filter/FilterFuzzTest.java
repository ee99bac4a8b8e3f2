package io.tidewire.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.filter.Crowd.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random filters against an oracle that computes the same by the book, and random garbage. */
class FilterFuzzTest {
    private static final String[] SCRAPS = {
        "userId",
        "connectionId",
        "groups",
        "protocol",
        "eq",
        "ne",
        "gt",
        "in",
        "and",
        "or",
        "not",
        "(",
        ")",
        ",",
        "'",
        "''",
        "'a'",
        "null",
        "true",
        "false",
        "1",
        "-",
        "-7",
        " ",
        " ",
        " ",
        "\t",
        "contains(",
        "length(",
        "substring(",
        "tolower(",
        "\u0000",
        "é",
        "\uD83D",
        "%27",
        "/",
        "$filter",
        "any(g:"
    };

    private final Random random = new Random(19);

    /** A random expression: how it is written and what it must be. */
    private record Written<T extends @Nullable Object>(String text, Function<Person, T> meaning) {}

    private final List<Person> people = List.of(
            new Person("a", null, List.of(), "json"),
            new Person("b", "", List.of("a", "b"), "json"),
            new Person("ab", "aB", List.of("aB"), "messagepack"),
            new Person("ba", "b ab", List.of("x'y", " "), "json"));

    @Test
    void chooseWhomTheOracleChooses() {
        try (var crowd = new Crowd(people)) {
            int some = 0;
            for (int i = 0; i < 5_000; i++) {
                Written<Boolean> filter = bool(4);
                List<Person> expected =
                        people.stream().filter(filter.meaning()::apply).toList();
                assertThat(crowd.chosen(filter.text())).as(filter.text()).isEqualTo(expected);
                some += expected.isEmpty() || expected.size() == people.size() ? 0 : 1;
            }
            assertThat(some).as("filters that choose some and not all").isGreaterThan(500);
        }
    }

    @Test
    void garbageIsAlwaysToldWhereItIsWrong() {
        int valid = 0;
        for (int i = 0; i < 50_000; i++) {
            String filter = i % 2 == 0 ? scraps() : damaged(bool(3).text());
            try {
                ODataFilter.of(filter);
                valid++;
            } catch (InvalidFilter invalid) {
                assertThat(invalid.position()).as(filter).isBetween(1, filter.length() + 1);
            }
        }
        assertThat(valid).isLessThan(25_000);
    }

    private String scraps() {
        return IntStream.range(0, random.nextInt(1, 30))
                .mapToObj(_ -> SCRAPS[random.nextInt(SCRAPS.length)])
                .collect(Collectors.joining());
    }

    private String damaged(String filter) {
        int at = random.nextInt(filter.length());
        String scrap = SCRAPS[random.nextInt(SCRAPS.length)];
        return switch (random.nextInt(3)) {
            case 0 -> filter.substring(0, at);
            case 1 -> filter.substring(0, at) + scrap + filter.substring(at);
            default -> filter.substring(0, at) + filter.substring(at + 1);
        };
    }

    private Written<Boolean> bool(int depth) {
        return switch (depth == 0 ? random.nextInt(2) : random.nextInt(12)) {
            case 0 -> {
                boolean b = random.nextBoolean();
                yield new Written<>(word(b ? "true" : "false"), _ -> b);
            }
            case 1 -> {
                Written<@Nullable String> name = text(0);
                yield new Written<>(name.text() + blank() + word("in") + blank() + word("groups"), person -> {
                    String group = name.meaning().apply(person);
                    return group != null && person.groups().contains(group);
                });
            }
            case 2, 3 -> {
                Written<Boolean> a = closed(depth - 1);
                Written<Boolean> b = closed(depth - 1);
                boolean and = random.nextBoolean();
                yield new Written<>(
                        a.text() + blank() + word(and ? "and" : "or") + blank() + b.text(),
                        person -> and
                                ? a.meaning().apply(person) && b.meaning().apply(person)
                                : a.meaning().apply(person) || b.meaning().apply(person));
            }
            case 4 -> {
                // Without parentheses: and before or.
                Written<Boolean> a = closed(depth - 1);
                Written<Boolean> b = closed(depth - 1);
                Written<Boolean> c = closed(depth - 1);
                yield new Written<>(
                        a.text() + " or " + b.text() + " and " + c.text(),
                        person -> a.meaning().apply(person)
                                || (b.meaning().apply(person) && c.meaning().apply(person)));
            }
            case 5 -> {
                Written<Boolean> a = closed(depth - 1);
                yield new Written<>(
                        word("not") + blank() + a.text(), person -> !a.meaning().apply(person));
            }
            case 6 -> {
                Written<@Nullable String> a = text(depth - 1);
                Written<@Nullable String> b = text(depth - 1);
                boolean eq = random.nextBoolean();
                yield new Written<>(
                        a.text() + blank() + word(eq ? "eq" : "ne") + blank() + b.text(),
                        person -> eq
                                == Objects.equals(
                                        a.meaning().apply(person), b.meaning().apply(person)));
            }
            case 7, 8 -> {
                Written<@Nullable Integer> a = number(depth - 1);
                Written<@Nullable Integer> b = number(depth - 1);
                String operator = List.of("eq", "ne", "gt", "ge", "lt", "le").get(random.nextInt(6));
                yield new Written<>(
                        a.text() + blank() + word(operator) + blank() + b.text(),
                        person -> compare(
                                operator, a.meaning().apply(person), b.meaning().apply(person)));
            }
            case 9 -> {
                Written<@Nullable String> a = text(depth - 1);
                List<@Nullable String> values = new ArrayList<>();
                var written = new ArrayList<String>();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    Written<@Nullable String> literal = literal();
                    written.add(literal.text());
                    values.add(literal.meaning().apply(people.getFirst()));
                }
                yield new Written<>(
                        a.text() + blank() + word("in") + space() + "(" + String.join("," + space(), written) + ")",
                        person -> values.contains(a.meaning().apply(person)));
            }
            default -> {
                Written<@Nullable String> a = text(depth - 1);
                Written<@Nullable String> b = text(depth - 1);
                String function = List.of("contains", "startswith", "endswith").get(random.nextInt(3));
                yield new Written<>(call(function, a, b), person -> {
                    String s = a.meaning().apply(person);
                    String part = b.meaning().apply(person);
                    return s != null
                            && part != null
                            && switch (function) {
                                case "contains" -> s.contains(part);
                                case "startswith" -> s.startsWith(part);
                                default -> s.endsWith(part);
                            };
                });
            }
        };
    }

    private Written<Boolean> closed(int depth) {
        Written<Boolean> inside = bool(depth);
        return new Written<>("(" + space() + inside.text() + space() + ")", inside.meaning());
    }

    private static boolean compare(String operator, @Nullable Integer a, @Nullable Integer b) {
        if (operator.equals("eq") || operator.equals("ne")) {
            return operator.equals("eq") == Objects.equals(a, b);
        }
        return a != null
                && b != null
                && switch (operator) {
                    case "gt" -> a > b;
                    case "ge" -> a >= b;
                    case "lt" -> a < b;
                    default -> a <= b;
                };
    }

    private Written<@Nullable String> text(int depth) {
        return switch (depth <= 0 ? random.nextInt(4) : random.nextInt(9)) {
            case 0 -> literal();
            case 1 -> new Written<>(word("connectionId"), Person::id);
            case 2, 3 -> new Written<>(word("userId"), Person::user);
            case 4 -> {
                Written<@Nullable String> a = text(depth - 1);
                yield new Written<>(call("tolower", a), map(a, s -> s.toLowerCase(Locale.ROOT)));
            }
            case 5 -> {
                Written<@Nullable String> a = text(depth - 1);
                yield new Written<>(call("toupper", a), map(a, s -> s.toUpperCase(Locale.ROOT)));
            }
            case 6 -> {
                Written<@Nullable String> a = text(depth - 1);
                yield new Written<>(call("trim", a), map(a, String::strip));
            }
            case 7 -> {
                Written<@Nullable String> a = text(depth - 1);
                Written<@Nullable String> b = text(depth - 1);
                yield new Written<>(call("concat", a, b), person -> {
                    String s = a.meaning().apply(person);
                    String t = b.meaning().apply(person);
                    return s == null || t == null ? null : s + t;
                });
            }
            default -> {
                Written<@Nullable String> a = text(depth - 1);
                int start = random.nextInt(3);
                int length = random.nextInt(3);
                yield new Written<>(
                        "substring(" + a.text() + "," + start + "," + space() + length + ")",
                        map(
                                a,
                                s -> s.chars()
                                        .skip(start)
                                        .limit(length)
                                        .mapToObj(c -> "" + (char) c)
                                        .collect(Collectors.joining())));
            }
        };
    }

    private static Function<Person, @Nullable String> map(
            Written<@Nullable String> of, Function<String, String> change) {
        return person -> {
            String s = of.meaning().apply(person);
            return s == null ? null : change.apply(s);
        };
    }

    private Written<@Nullable String> literal() {
        String value = List.of("", "a", "b", "aB", "x'y", " ", "null").get(random.nextInt(7));
        return value.equals("null")
                ? new Written<>(word("null"), _ -> null)
                : new Written<>("'" + value.replace("'", "''") + "'", _ -> value);
    }

    private Written<@Nullable Integer> number(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                int value = random.nextInt(-2, 5);
                yield new Written<>("" + value, _ -> value);
            }
            case 1 -> new Written<>("length(groups)", person -> person.groups().size());
            case 2 -> {
                Written<@Nullable String> a = text(depth - 1);
                yield new Written<>(call("length", a), person -> {
                    String s = a.meaning().apply(person);
                    return s == null ? null : s.length();
                });
            }
            default -> {
                Written<@Nullable String> a = text(depth - 1);
                Written<@Nullable String> b = text(depth - 1);
                yield new Written<>(call("indexof", a, b), person -> {
                    String s = a.meaning().apply(person);
                    String part = b.meaning().apply(person);
                    return s == null || part == null ? -1 : s.indexOf(part);
                });
            }
        };
    }

    @SafeVarargs
    private String call(String function, Written<@Nullable String>... arguments) {
        var written = new ArrayList<String>();
        for (Written<@Nullable String> argument : arguments) {
            written.add(space() + argument.text() + space());
        }
        return word(function) + "(" + String.join(",", written) + ")";
    }

    /** In any case. */
    private String word(String word) {
        return switch (random.nextInt(6)) {
            case 0 -> word.toUpperCase(Locale.ROOT);
            case 1 -> word.toLowerCase(Locale.ROOT);
            default -> word;
        };
    }

    private String blank() {
        return " " + space();
    }

    private String space() {
        return List.of("", "", "", " ", "\t", " \r\n ").get(random.nextInt(6));
    }
}
