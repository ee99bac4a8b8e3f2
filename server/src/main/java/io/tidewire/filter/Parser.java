package io.tidewire.filter;

import io.tidewire.filter.Token.Kind;
import io.tidewire.hub.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a filter by recursive descent and checks its types on the way:
 *
 * <pre>
 * or      := and ('or' and)*
 * and     := not ('and' not)*
 * not     := 'not'* compare
 * compare := operand (('eq'|'ne'|'gt'|'ge'|'lt'|'le') operand | 'in' ('(' literal (',' literal)* ')' | 'groups'))?
 * operand := '(' or ')' | function '(' or (',' or)* ')' | 'userId' | 'connectionId' | 'groups' | 'protocol'
 *          | string | integer | 'true' | 'false' | 'null'
 * </pre>
 *
 * <p>Words are taken in any case. Every error names the character. What a filter may cost is bounded before anything is built
 * of it: by its length here, by its depth on the stack, and by its size for each connection that it is asked for. The values
 * of an {@code in} list are free, because they are looked up and not walked.
 */
final class Parser {
    static final int MAX_LENGTH = 65_536;
    static final int MAX_DEPTH = 100;
    static final int MAX_SIZE = 1_000;

    /** So that no integer, and no sum of two, is {@link Value.Int#NOTHING}. */
    private static final int MAX_DIGITS = 18;

    private final String source;
    private final Lexer lexer;
    private Token token;
    /** Index behind the last token that was taken. */
    private int end;

    private int depth;
    private int size;

    Parser(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new InvalidFilter("The filter is longer than " + MAX_LENGTH + " characters,", MAX_LENGTH);
        }
        this.source = source;
        this.lexer = new Lexer(source);
        this.token = lexer.next();
    }

    Value.Bool filter() {
        Part whole = or();
        if (!token.is(Kind.END)) {
            throw expected("'and', 'or' or the end");
        }
        return whole.bool();
    }

    private Part or() {
        Part first = and();
        if (!token.isWord("or")) {
            return first;
        }
        var conditions = new ArrayList<>(List.of(first.bool()));
        while (takeWord("or")) {
            grow();
            conditions.add(and().bool());
        }
        Value.Bool[] any = conditions.toArray(Value.Bool[]::new);
        Value.Bool condition = connection -> any(any, connection);
        return part(condition, first.from());
    }

    private Part and() {
        Part first = not();
        if (!token.isWord("and")) {
            return first;
        }
        var conditions = new ArrayList<>(List.of(first.bool()));
        while (takeWord("and")) {
            grow();
            conditions.add(not().bool());
        }
        Value.Bool[] all = conditions.toArray(Value.Bool[]::new);
        Value.Bool condition = connection -> all(all, connection);
        return part(condition, first.from());
    }

    private static boolean any(Value.Bool[] conditions, Connection connection) {
        for (Value.Bool condition : conditions) {
            if (condition.of(connection)) {
                return true;
            }
        }
        return false;
    }

    private static boolean all(Value.Bool[] conditions, Connection connection) {
        for (Value.Bool condition : conditions) {
            if (!condition.of(connection)) {
                return false;
            }
        }
        return true;
    }

    private Part not() {
        int from = token.from();
        int nots = 0;
        while (takeWord("not")) {
            grow();
            nots++;
        }
        Part compared = compare();
        if (nots == 0) {
            return compared;
        }
        Value.Bool condition = compared.bool();
        Value.Bool opposite = connection -> !condition.of(connection);
        return part(nots % 2 == 0 ? condition : opposite, from);
    }

    private Part compare() {
        Part left = operand();
        if (!token.is(Kind.WORD)) {
            return left;
        }
        String operator = token.text().toLowerCase(Locale.ROOT);
        return switch (operator) {
            case "eq", "ne" -> {
                take();
                grow();
                Value.Bool equal = equal(left, operand());
                Value.Bool different = connection -> !equal.of(connection);
                yield part(operator.equals("eq") ? equal : different, left.from());
            }
            case "gt", "ge", "lt", "le" -> {
                take();
                grow();
                yield part(order(operator, left.number(), operand().number()), left.from());
            }
            case "in" -> {
                take();
                grow();
                yield part(isIn(left), left.from());
            }
            default -> left;
        };
    }

    private static Value.Bool equal(Part left, Part right) {
        return switch (left.value()) {
            case Value.Null _ -> right.value() instanceof Value.Null ? _ -> true : equal(right, left);
            case Value.Bool bool -> {
                if (right.value() instanceof Value.Null) {
                    yield _ -> false;
                }
                Value.Bool other = right.bool();
                yield connection -> bool.of(connection) == other.of(connection);
            }
            case Value.Text text -> {
                Value.Text other = right.text();
                yield connection -> Objects.equals(text.of(connection), other.of(connection));
            }
            case Value.Int number -> {
                Value.Int other = right.number();
                yield connection -> number.of(connection) == other.of(connection);
            }
            case Value.Groups _ -> throw left.wrongType("a single value");
        };
    }

    private static Value.Bool order(String operator, Value.Int left, Value.Int right) {
        return switch (operator) {
            case "gt" -> connection -> compare(left, right, connection) == 1;
            case "ge" -> connection -> compare(left, right, connection) >= 0;
            case "lt" -> connection -> compare(right, left, connection) == 1;
            default -> connection -> compare(right, left, connection) >= 0;
        };
    }

    /** 1, 0 or -1 as usual; -2 when one of them is null. */
    private static int compare(Value.Int left, Value.Int right, Connection connection) {
        long l = left.of(connection);
        long r = right.of(connection);
        return l == Value.Int.NOTHING || r == Value.Int.NOTHING ? -2 : Long.compare(l, r);
    }

    private Value.Bool isIn(Part left) {
        if (takeWord("groups")) {
            Value.Text name = left.text();
            return connection -> {
                String group = name.of(connection);
                return group != null && connection.isIn(group);
            };
        }
        if (!token.is(Kind.OPEN)) {
            throw expected("'groups' or a list of values in parentheses");
        }
        return left.value() instanceof Value.Int number ? isInIntegers(number) : isInStrings(left.text());
    }

    private Value.Bool isInStrings(Value.Text text) {
        take(); // (
        var values = new HashSet<@Nullable String>();
        do {
            Token value = take();
            if (!value.is(Kind.STRING) && !value.isWord("null")) {
                throw expected("a string", value);
            }
            values.add(value.is(Kind.STRING) ? value.text() : null);
        } while (takeComma());
        close();
        return connection -> values.contains(text.of(connection));
    }

    private Value.Bool isInIntegers(Value.Int number) {
        take(); // (
        var values = new ArrayList<Long>();
        do {
            Token value = take();
            if (!value.is(Kind.INTEGER) && !value.isWord("null")) {
                throw expected("an integer", value);
            }
            values.add(value.is(Kind.INTEGER) ? integer(value) : Value.Int.NOTHING);
        } while (takeComma());
        close();
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        return connection -> Arrays.binarySearch(sorted, number.of(connection)) >= 0;
    }

    private Part operand() {
        Token first = take();
        grow();
        return switch (first.kind()) {
            case OPEN -> {
                Value inside = deeper(first, this::or).value();
                close();
                yield part(inside, first.from());
            }
            case WORD -> token.is(Kind.OPEN) ? call(first) : part(named(first), first.from());
            case STRING -> {
                Value.Text text = _ -> first.text();
                yield part(text, first.from());
            }
            case INTEGER -> {
                long integer = integer(first);
                Value.Int number = _ -> integer;
                yield part(number, first.from());
            }
            case CLOSE, COMMA, END -> throw expected("a value", first);
        };
    }

    private static Value named(Token word) {
        return switch (word.text().toLowerCase(Locale.ROOT)) {
            case "userid" -> (Value.Text) Connection::userId;
            case "connectionid" -> (Value.Text) Connection::id;
            case "protocol" -> (Value.Text) connection -> connection.dialect().name();
            case "groups" -> new Value.Groups();
            case "true" -> (Value.Bool) _ -> true;
            case "false" -> (Value.Bool) _ -> false;
            case "null" -> new Value.Null();
            default ->
                throw new InvalidFilter(
                        InvalidFilter.quote(word.text())
                                + " is not known here; a connection has userId, connectionId, groups and protocol;",
                        word.from());
        };
    }

    private Part call(Token name) {
        Token open = take();
        var arguments = new ArrayList<Part>();
        if (!token.is(Kind.CLOSE)) {
            do {
                arguments.add(deeper(open, this::or));
            } while (takeComma());
        }
        close();
        Part call = part(new Value.Null(), name.from());
        return part(Functions.call(name, arguments, call), name.from());
    }

    private static long integer(Token token) {
        if (token.to() - token.from() > MAX_DIGITS) {
            throw new InvalidFilter("An integer of more than " + MAX_DIGITS + " characters", token.from());
        }
        return Long.parseLong(token.text());
    }

    private Part deeper(Token open, Supplier<Part> inside) {
        if (++depth > MAX_DEPTH) {
            throw new InvalidFilter("The filter is nested deeper than " + MAX_DEPTH + " levels", open.from());
        }
        Part part = inside.get();
        depth--;
        return part;
    }

    /** Counts an operator or an operand. */
    private void grow() {
        if (++size > MAX_SIZE) {
            throw new InvalidFilter("The filter has more than " + MAX_SIZE + " operators and values", end);
        }
    }

    /** All that was read from there to here. */
    private Part part(Value value, int from) {
        return new Part(value, source, from, end);
    }

    private Token take() {
        Token taken = token;
        end = taken.to();
        token = lexer.next();
        return taken;
    }

    private boolean takeWord(String word) {
        boolean there = token.isWord(word);
        if (there) {
            take();
        }
        return there;
    }

    private boolean takeComma() {
        boolean there = token.is(Kind.COMMA);
        if (there) {
            take();
        }
        return there;
    }

    private void close() {
        if (!token.is(Kind.CLOSE)) {
            throw expected("')'");
        }
        take();
    }

    private InvalidFilter expected(String what) {
        return expected(what, token);
    }

    private static InvalidFilter expected(String what, Token found) {
        String shown = found.is(Kind.END) ? "the filter ends" : InvalidFilter.quote(found.text()) + " was found";
        return new InvalidFilter("Expected " + what + " but " + shown, found.from());
    }
}
