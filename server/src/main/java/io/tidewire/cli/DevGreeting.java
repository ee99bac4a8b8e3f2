package io.tidewire.cli;

import java.io.PrintStream;
import java.time.Duration;

/** What {@code tidewire dev} says once its server runs: lines to copy into the next terminal. */
final class DevGreeting {
    private final PrintStream out;

    DevGreeting(PrintStream out) {
        this.out = out;
    }

    void greet(RunningServer server) {
        server.describe().forEach(out::println);
        server.signalr().ifPresent(this::signalr);
        server.webPubSub().ifPresent(this::webPubSub);
        out.println();
    }

    private void signalr(String connection) {
        var program = Program.name();
        var option = option(ServiceKind.SIGNALR, connection);
        out.println();
        out.println("SignalR connection string:");
        out.println("  " + connection);
        out.println("Try it: listen as ann in a second terminal, send from a third.");
        out.println("  " + program + " client ann -h chat" + option);
        out.println("  curl -i '" + ServiceAccess.of(connection).restUrl("/api/v1/hubs/chat")
                + "' -H 'Content-Type: application/json' -H \"Authorization: Bearer $(" + program
                + " token --rest --raw -h chat" + option
                + ")\" -d '{\"target\":\"SendMessage\",\"arguments\":[\"curl\",\"Hello\"]}'");
    }

    private void webPubSub(String connection) {
        var program = Program.name();
        var service = ServiceAccess.of(connection);
        var option = " -s webpubsub" + option(ServiceKind.WEBPUBSUB, connection);
        out.println();
        out.println("Web PubSub connection string:");
        out.println("  " + connection);
        out.println("A client of hub chat that may join and send everywhere, for a day:");
        out.println("  " + service.pubSubUrl("chat") + "?access_token="
                + service.pubSubToken("chat", "dev", Role.ALL, Duration.ofDays(1)));
        out.println("Try it: talk as ann in a second terminal, send from a third.");
        out.println("  " + program + " client ann -h chat" + option);
        out.println("  curl -i '" + service.restUrl("/api/hubs/chat/:send?api-version=2024-12-01")
                + "' -H 'Content-Type: text/plain' -H \"Authorization: Bearer $(" + program
                + " token --rest --raw -h chat" + option + ")\" -d Hello");
    }

    /** The commands know the default themselves; shorter lines are read, longer ones are not. */
    private static String option(ServiceKind kind, String connection) {
        return connection.equals(kind.dev()) ? "" : " -c '" + connection + "'";
    }
}
