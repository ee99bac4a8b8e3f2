package io.tidewire.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A prompt for a person at a terminal: history, completion, errors that do not end it. */
final class Prompt implements AutoCloseable {
    /** Takes what is typed. */
    @FunctionalInterface
    interface Lines {
        /** False when the person leaves. */
        boolean take(String line) throws WrongOrder, InterruptedException;
    }

    private final Terminal terminal;
    private final LineReader reader;

    private Prompt(Terminal terminal, LineReader reader) {
        this.terminal = terminal;
        this.reader = reader;
    }

    /** @param history the name of the file in which typed lines are kept for the next time */
    static Prompt open(String history, Completer completer) throws CommandFailed {
        try {
            var terminal = TerminalBuilder.builder().name("tidewire").build();
            var reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .completer(completer)
                    .variable(LineReader.HISTORY_FILE, historyFile(history))
                    // A message may hold !, \ and quotes as it likes.
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            return new Prompt(terminal, reader);
        } catch (IOException e) {
            throw new CommandFailed("this terminal cannot be used: " + RestApi.reason(e), e);
        }
    }

    /** Returns when the person leaves: as {@code lines} says, or with Ctrl-C or Ctrl-D. */
    void run(Lines lines, PrintStream err) throws InterruptedException {
        while (true) {
            try {
                var line = reader.readLine("> ");
                if (!line.isBlank() && !lines.take(line)) {
                    return;
                }
            } catch (WrongOrder e) {
                err.println(e.getMessage());
            } catch (UserInterruptException | EndOfFileException leaving) {
                return;
            }
        }
    }

    /** Above the line that is being typed. Any thread. */
    void say(String line) {
        reader.printAbove(line);
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException gone) {
            // With the terminal the person has gone as well.
        }
    }

    /** In the user's state directory, for this user's eyes: messages may be private. */
    private static Path historyFile(String name) throws IOException {
        var state = System.getenv("XDG_STATE_HOME");
        var base = state == null || state.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        var file = base.resolve("tidewire").resolve(name);
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)
                && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return file;
    }
}
