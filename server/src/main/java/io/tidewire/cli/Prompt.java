package io.tidewire.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.AggregateCompleter;
import org.jline.reader.impl.completer.ArgumentCompleter;
import org.jline.reader.impl.completer.NullCompleter;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.TerminalBuilder;

/** The prompt of {@code tidewire server} for a person at a terminal: history, completion, errors that do not end it. */
final class Prompt {
    /** For an id, which nobody can guess: what is typed is complete, and what follows it can be completed. */
    private static final Completer ANY_WORD = (_, line, candidates) -> {
        if (!line.word().isEmpty()) {
            candidates.add(new Candidate(line.word()));
        }
    };

    private final OrderDesk desk;
    private final Stdio io;

    Prompt(OrderDesk desk, Stdio io) {
        this.desk = desk;
        this.io = io;
    }

    /** Returns when the person leaves, with {@code quit}, Ctrl-C or Ctrl-D. */
    void run(String hub) throws CommandFailed, InterruptedException {
        try (var terminal = TerminalBuilder.builder().name("tidewire").build()) {
            var reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .completer(completer())
                    .variable(LineReader.HISTORY_FILE, historyFile())
                    // A message may hold !, \ and quotes as it likes.
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            io.out().println("Hub " + hub + ". 'help' lists the commands, 'quit' leaves.");
            while (true) {
                var line = reader.readLine("> ");
                if (line.isBlank()) {
                    continue;
                }
                try {
                    var order = OrderSyntax.parse(line);
                    if (order instanceof Order.Quit) {
                        return;
                    }
                    // Failures have been told; the person decides how to go on.
                    var _ = desk.carryOut(order);
                } catch (OrderSyntax.Wrong e) {
                    io.err().println(e.getMessage());
                }
            }
        } catch (UserInterruptException | EndOfFileException leaving) {
            // Ctrl-C, Ctrl-D.
        } catch (IOException e) {
            throw new CommandFailed("this terminal cannot be used: " + RestApi.reason(e), e);
        }
    }

    static AggregateCompleter completer() {
        var none = NullCompleter.INSTANCE;
        var member = new StringsCompleter("user", "connection");
        return new AggregateCompleter(List.of(
                new ArgumentCompleter(
                        new StringsCompleter("send"),
                        new StringsCompleter("user", "users", "group", "groups", "connection"),
                        none),
                new ArgumentCompleter(new StringsCompleter("join", "leave"), ANY_WORD, member, none),
                new ArgumentCompleter(
                        new StringsCompleter("close"),
                        new StringsCompleter("connection", "user", "group", "all"),
                        none),
                new ArgumentCompleter(
                        new StringsCompleter("exists"), new StringsCompleter("user", "group", "connection"), none),
                new ArgumentCompleter(new StringsCompleter("broadcast", "target", "help", "quit"), none)));
    }

    /** In the user's state directory, for this user's eyes: messages may be private. */
    private static Path historyFile() throws IOException {
        var state = System.getenv("XDG_STATE_HOME");
        var base = state == null || state.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        var file = base.resolve("tidewire").resolve("server-history");
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)
                && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return file;
    }
}
