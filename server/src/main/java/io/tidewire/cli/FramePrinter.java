package io.tidewire.cli;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One line for each message that a client of Web PubSub gets: when, from where, from whom, what. */
final class FramePrinter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final Consumer<String> out;
    private final Supplier<LocalTime> clock;

    FramePrinter(Consumer<String> out, Supplier<LocalTime> clock) {
        this.out = out;
        this.clock = clock;
    }

    void print(PubSubFrame.Message message) {
        var line = new StringBuilder(TIME.format(clock.get())).append("  ").append(Printable.line(message.from()));
        if (message.group() != null) {
            line.append(' ').append(Printable.line(message.group()));
        }
        if (message.fromUser() != null) {
            line.append("  ").append(Printable.line(message.fromUser()));
        }
        out.accept(line.append("  ").append(data(message)).toString());
    }

    private static String data(PubSubFrame.Message message) {
        var text = JsonText.unquoted(message.data());
        return switch (message.dataType()) {
            case "text" -> Printable.line(text == null ? message.data() : text);
            case "json" -> Printable.line(message.data());
            default -> Printable.line(message.dataType() + " " + (text == null ? message.data() : text));
        };
    }
}
