package io.tidewire.cli;

import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.impl.completer.AggregateCompleter;
import org.jline.reader.impl.completer.ArgumentCompleter;
import org.jline.reader.impl.completer.NullCompleter;
import org.jline.reader.impl.completer.StringsCompleter;

/** What a prompt offers while somebody types. */
final class Completions {
    /** For an id, which nobody can guess: what is typed is complete, and what follows it can be completed. */
    private static final Completer ANY_WORD = (_, line, candidates) -> {
        if (!line.word().isEmpty()) {
            candidates.add(new Candidate(line.word()));
        }
    };

    private static final Completer NONE = NullCompleter.INSTANCE;

    private Completions() {}

    /** {@link Order}s. */
    static Completer ofServer() {
        var member = new StringsCompleter("user", "connection");
        return new AggregateCompleter(List.of(
                new ArgumentCompleter(
                        new StringsCompleter("send"),
                        new StringsCompleter("user", "users", "group", "groups", "connection"),
                        NONE),
                new ArgumentCompleter(new StringsCompleter("join", "leave"), ANY_WORD, member, NONE),
                new ArgumentCompleter(
                        new StringsCompleter("close"),
                        new StringsCompleter("connection", "user", "group", "all"),
                        NONE),
                new ArgumentCompleter(
                        new StringsCompleter("exists"), new StringsCompleter("user", "group", "connection"), NONE),
                new ArgumentCompleter(new StringsCompleter("broadcast", "target", "help", "quit"), NONE)));
    }

    /** {@link PubSubOrder}s. */
    static Completer ofClient() {
        return new ArgumentCompleter(
                new StringsCompleter("join", "leave", "send", "event", "ping", "raw", "help", "quit"), NONE);
    }
}
