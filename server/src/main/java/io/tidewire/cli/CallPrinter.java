package io.tidewire.cli;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Supplier;

/** One line per received call: a {@code SendMessage(name, message)} of the vendor's sample as chat, everything else as it is. */
final class CallPrinter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final String CHAT = "SendMessage";

    private final PrintStream out;
    private final Supplier<LocalTime> clock;

    CallPrinter(PrintStream out, Supplier<LocalTime> clock) {
        this.out = out;
        this.clock = clock;
    }

    void print(HubMessage.Invocation call) {
        out.println(TIME.format(clock.get()) + "  " + text(call));
    }

    private static String text(HubMessage.Invocation call) {
        var arguments = call.arguments();
        if (CHAT.equals(call.target()) && arguments.size() == 2) {
            var name = JsonText.unquoted(arguments.get(0));
            var message = JsonText.unquoted(arguments.get(1));
            if (name != null && message != null) {
                return Printable.line(name + ": " + message);
            }
        }
        return Printable.line(call.target() + "  [" + String.join(",", arguments) + "]");
    }
}
