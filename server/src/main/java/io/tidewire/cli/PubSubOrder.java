package io.tidewire.cli;

import java.util.Locale;

/** What can be typed at the prompt of a client of Web PubSub. */
sealed interface PubSubOrder {
    String HELP = """
            join <group>                 become a member of a group
            leave <group>                be one no longer
            send <group> <message...>    send to the members of a group
            event <name> <message...>    send an event to the application behind the hub
            ping                         ask whether the server is there
            raw <text...>                send a WebSocket message as it is
            help, quit
            A message that is JSON goes as JSON, any other as text. A group with spaces goes in "double quotes".
            """;

    /** What the server is told. */
    sealed interface Sent extends PubSubOrder {}

    /** What the server answers with an ack. */
    sealed interface Acknowledged extends Sent {}

    /** Become a member. */
    record Join(String group) implements Acknowledged {}

    /** Be no member any more. */
    record Leave(String group) implements Acknowledged {}

    /** Send to the members of a group. */
    record Send(String group, String message) implements Acknowledged {}

    /** Send to the application. */
    record Event(String name, String message) implements Acknowledged {}

    /** Ask whether the server is there. */
    record Ping() implements Sent {}

    /** Send what is typed. */
    record Raw(String text) implements Sent {}

    /** Show what can be typed. */
    record Help() implements PubSubOrder {}

    /** Leave. */
    record Quit() implements PubSubOrder {}

    /** Reads one line. */
    static PubSubOrder parse(String line) throws WrongOrder {
        var words = new Words(line);
        var verb = words.next("a command").toLowerCase(Locale.ROOT);
        return switch (verb) {
            case "join" -> words.last(new Join(words.next("a group")));
            case "leave" -> words.last(new Leave(words.next("a group")));
            case "send" -> new Send(words.next("a group"), message(words));
            case "event" -> new Event(words.next("the name of an event"), message(words));
            case "ping" -> words.last(new Ping());
            case "raw" -> new Raw(message(words));
            case "help", "?" -> words.last(new Help());
            case "quit", "exit" -> words.last(new Quit());
            default -> throw new WrongOrder("there is no command '" + Printable.line(verb) + "'; 'help' lists them");
        };
    }

    private static String message(Words words) throws WrongOrder {
        var rest = words.rest();
        if (rest == null) {
            throw new WrongOrder("expected a message; 'help' shows how");
        }
        return rest;
    }
}
