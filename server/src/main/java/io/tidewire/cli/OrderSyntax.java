package io.tidewire.cli;

import io.tidewire.cli.Order.Whom;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Reads one line of the prompt. Words are split at spaces, an id with spaces goes in double quotes, a message is the rest of the line. */
final class OrderSyntax {
    static final String HELP = """
            send user <id> [message...]           call SendMessage(<me>, <message>) on the clients of a user
            send users <id1,id2> [message...]     of several users
            send group <name> [message...]        of a group
            send groups <g1,g2> [message...]      of several groups
            send connection <id> [message...]     on one connection
            broadcast [message...]                on everybody
            join <group> user|connection <id>     put into a group
            leave <group> user|connection <id>    take out of it
            close connection <id> [reason...]     close a connection
            close user|group <id> [reason...]     close all of theirs
            close all [reason...]                 close everybody's
            exists user|group|connection <id>     is there such a one?
            exists user <id> in <group>           is the user in the group?
            target <name>                         call another client method from now on
            help, quit
            Ids with spaces go in "double quotes".
            """;

    private OrderSyntax() {}

    static Order parse(String line) throws WrongOrder {
        var words = new Words(line);
        var verb = words.next("a command").toLowerCase(Locale.ROOT);
        return switch (verb) {
            case "send" -> send(words);
            case "broadcast" -> new Order.Send(Whom.ALL, List.of(), words.rest());
            case "join" -> membership(words, Order.Join::new);
            case "leave" -> membership(words, Order.Leave::new);
            case "close" -> close(words);
            case "exists" -> exists(words);
            case "target" -> words.last(new Order.Target(words.next("the name of a client method")));
            case "help", "?" -> words.last(new Order.Help());
            case "quit", "exit" -> words.last(new Order.Quit());
            default -> throw new WrongOrder("there is no command '" + Printable.line(verb) + "'; 'help' lists them");
        };
    }

    private static Order send(Words words) throws WrongOrder {
        var kind = words.next("user, users, group, groups or connection").toLowerCase(Locale.ROOT);
        Function<String, List<String>> one = List::of;
        return switch (kind) {
            case "user" -> send(Whom.USER, one, words);
            case "users" -> send(Whom.USER, OrderSyntax::listed, words);
            case "group" -> send(Whom.GROUP, one, words);
            case "groups" -> send(Whom.GROUP, OrderSyntax::listed, words);
            case "connection" -> send(Whom.CONNECTION, one, words);
            default ->
                throw new WrongOrder(
                        "send needs user, users, group, groups or connection, not '" + Printable.line(kind) + "'");
        };
    }

    private static Order send(Whom whom, Function<String, List<String>> ids, Words words) throws WrongOrder {
        var found = ids.apply(words.next("whom to send to"));
        if (found.isEmpty()) {
            throw new WrongOrder("send needs an id");
        }
        return new Order.Send(whom, found, words.rest());
    }

    private static List<String> listed(String ids) {
        return List.of(ids.split(",", -1)).stream()
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
    }

    @FunctionalInterface
    private interface Membership {
        Order of(String group, Whom whom, String id);
    }

    private static Order membership(Words words, Membership membership) throws WrongOrder {
        var group = words.next("a group");
        var whom = whom(words, "user or connection", List.of(Whom.USER, Whom.CONNECTION));
        return words.last(membership.of(group, whom, words.next("an id")));
    }

    private static Order close(Words words) throws WrongOrder {
        var whom = whom(words, "connection, user, group or all", List.of(Whom.values()));
        return new Order.Close(whom, whom == Whom.ALL ? "" : words.next("an id"), words.rest());
    }

    private static Order exists(Words words) throws WrongOrder {
        var whom = whom(words, "user, group or connection", List.of(Whom.USER, Whom.GROUP, Whom.CONNECTION));
        var id = words.next("an id");
        var in = words.optional();
        if (in == null) {
            return new Order.Exists(whom, id);
        }
        if (whom != Whom.USER || !in.equalsIgnoreCase("in")) {
            throw new WrongOrder(
                    "'" + Printable.line(in) + "' is too much; only 'exists user <id> in <group>' goes on");
        }
        return words.last(new Order.InGroup(id, words.next("a group")));
    }

    private static Whom whom(Words words, String expected, List<Whom> allowed) throws WrongOrder {
        var word = words.next(expected);
        for (var whom : allowed) {
            if (whom.name().equalsIgnoreCase(word)) {
                return whom;
            }
        }
        throw new WrongOrder("expected " + expected + ", not '" + Printable.line(word) + "'");
    }
}
