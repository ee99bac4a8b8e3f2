package io.tidewire.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Where a command reads and writes: answers go to {@code out}, what is said about them to {@code err}, so that a script can
 * take the one without the other.
 *
 * @param interactive whether a person sits at a terminal on both ends; asked only by who needs it, as the answer takes its time
 */
record Stdio(InputStream in, PrintStream out, PrintStream err, BooleanSupplier interactive) {

    /** The process's own streams. Always UTF-8: in a container without a locale Java would turn every umlaut into a question mark. */
    static Stdio system() {
        return new Stdio(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                () -> Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent());
    }
}
