package io.tidewire.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Orders for a client of Web PubSub from standard input, one per line; lines that begin with # are comments. */
final class PubSubScript {
    private final PubSubTalk talk;
    private final Stdio io;

    PubSubScript(PubSubTalk talk, Stdio io) {
        this.talk = talk;
        this.io = io;
    }

    /**
     * Reads to the end. Without a single order the client listens on: nobody has told it anything.
     *
     * @param stay whether the client waits for something else than the end of its orders
     */
    void read(boolean stay) {
        boolean told = false;
        try (var lines = new BufferedReader(new InputStreamReader(io.in(), StandardCharsets.UTF_8))) {
            int number = 0;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank() || line.strip().startsWith("#")) {
                    continue;
                }
                told = true;
                if (!take(line, number)) {
                    break;
                }
            }
        } catch (IOException e) {
            io.err().println("standard input cannot be read: " + RestApi.reason(e));
        }
        if (told && !stay) {
            talk.noMoreOrders();
        }
    }

    private boolean take(String line, int number) {
        try {
            switch (PubSubOrder.parse(line)) {
                case PubSubOrder.Quit _ -> {
                    return false;
                }
                case PubSubOrder.Help _ -> io.out().print(PubSubOrder.HELP);
                case PubSubOrder.Sent sent -> talk.order(sent);
            }
        } catch (WrongOrder e) {
            io.err().println("line " + number + ": " + e.getMessage());
            talk.orderFailed();
        }
        return true;
    }
}
