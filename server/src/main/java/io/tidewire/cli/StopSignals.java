package io.tidewire.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into a request to stop in order, after which the program ends by itself with its own exit code.
 * A shutdown hook would not do: the JVM then exits with 128 + signal, and halting with 0 from inside the hook would cut off the other
 * hooks. Handling the signal leaves the whole end to {@link Main}. A second signal ends the process at once, for whoever cannot wait.
 * The registration is JLine's, because {@code sun.misc.Signal} cannot be named without a compiler warning.
 */
final class StopSignals implements AutoCloseable {
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");
    private static final int KILLED = 130;

    private final List<Object> previous = new ArrayList<>();
    private final AtomicBoolean asked = new AtomicBoolean();

    /** @param stop run once, on a thread of the JVM */
    StopSignals(Runnable stop) {
        for (var name : NAMES) {
            // Null where the JVM was told to leave signals alone (-Xrs): then the default, an abrupt end, remains.
            previous.add(Signals.register(name, () -> onSignal(stop)));
        }
    }

    private void onSignal(Runnable stop) {
        if (asked.getAndSet(true)) {
            Runtime.getRuntime().halt(KILLED);
        }
        stop.run();
    }

    /** Gives the signals back. */
    @Override
    public void close() {
        for (int i = 0; i < NAMES.size(); i++) {
            if (previous.get(i) != null) {
                Signals.unregister(NAMES.get(i), previous.get(i));
            }
        }
    }
}
