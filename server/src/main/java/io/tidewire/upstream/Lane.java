package io.tidewire.upstream;

import io.tidewire.upstream.Circuit.Change;
import io.tidewire.upstream.Circuit.Verdict;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries of one host: so many at one time, the others in line, and none while its circuit is open. Hosts share nothing, so
 * that one that is slow or dead slows nobody else. Thread-safe; what it tells a try is told outside its lock.
 */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** Why a call ends with {@link Reason#STOPPED}. */
    static final String STOPPED = "this server stopped before there was an answer";

    /** A try in the eyes of its lane. */
    interface Try {
        /** What it takes of memory while it waits. */
        int bytes();

        /** It has its turn; whoever is told so says {@link Lane#leave} later, once. */
        void begin(long began);

        /** It will not have its turn. */
        void refuse(Reason reason, String detail);
    }

    private final Target target;
    private final WebhookSettings settings;
    private final WebhookObserver observer;
    private final Circuit circuit;
    private final LinkedHashSet<Try> waiting = new LinkedHashSet<>();
    private long waitingBytes;
    private int running;
    private boolean forgotten;
    private boolean stopped;
    private volatile @Nullable InetAddress answering;

    Lane(Target target, WebhookSettings settings, WebhookObserver observer, LongSupplier nanoTime) {
        this.target = target;
        this.settings = settings;
        this.observer = observer;
        this.circuit = new Circuit(settings.circuit(), nanoTime);
    }

    /** False when this lane has been forgotten: there is a newer one. */
    boolean enter(Try call) {
        Runnable then;
        synchronized (this) {
            if (forgotten) {
                return false;
            }
            if (stopped) {
                then = () -> call.refuse(Reason.STOPPED, STOPPED);
            } else if (circuit.refuses()) {
                String detail = circuit.refusal();
                then = () -> call.refuse(Reason.CIRCUIT_OPEN, detail);
            } else if (running < settings.maxConnections()) {
                then = begin(call);
            } else if (waitingBytes + call.bytes() <= settings.maxWaitingBytes()) {
                waiting.add(call);
                waitingBytes += call.bytes();
                then = () -> {};
            } else {
                String detail =
                        "%d calls are under way (upstream.maxConnections) and %d with %d bytes wait (upstream.maxWaitingBytes is %d)"
                                .formatted(running, waiting.size(), waitingBytes, settings.maxWaitingBytes());
                then = () -> call.refuse(Reason.OVERLOADED, detail);
            }
        }
        then.run();
        return true;
    }

    /** It waits no longer. False when it was not waiting. */
    synchronized boolean giveUp(Try call) {
        boolean waited = waiting.remove(call);
        waitingBytes -= waited ? call.bytes() : 0;
        return waited;
    }

    /** A try that had begun has ended. */
    void leave(long began, Verdict verdict) {
        var then = new ArrayList<Runnable>();
        synchronized (this) {
            running--;
            Change change = circuit.end(began, verdict);
            tell(change, then);
            callNext(then);
        }
        then.forEach(Runnable::run);
    }

    /** Once a circuit is open, those in line need not find out one by one. */
    private void callNext(List<Runnable> then) {
        while (!waiting.isEmpty() && (circuit.refuses() || running < settings.maxConnections())) {
            Try next = waiting.removeFirst();
            waitingBytes -= next.bytes();
            if (circuit.refuses()) {
                String detail = circuit.refusal();
                then.add(() -> next.refuse(Reason.CIRCUIT_OPEN, detail));
            } else {
                then.add(begin(next));
            }
        }
    }

    private Runnable begin(Try call) {
        running++;
        long began = circuit.begin();
        return () -> call.begin(began);
    }

    private void tell(Change change, List<Runnable> then) {
        switch (change) {
            case OPENED -> {
                String why = circuit.refusal();
                then.add(() -> {
                    LOG.warn("Web hooks at {}: {}", target, why);
                    observer.circuitOpened();
                });
            }
            case CLOSED ->
                then.add(() -> {
                    LOG.info("Web hooks at {} are called again", target);
                    observer.circuitClosed();
                });
            case NONE -> {}
        }
    }

    /** Ends the line: what is under way goes on, nothing begins any more. */
    void stop() {
        List<Try> last;
        synchronized (this) {
            stopped = true;
            last = List.copyOf(waiting);
            waiting.clear();
            waitingBytes = 0;
        }
        last.forEach(call -> call.refuse(Reason.STOPPED, STOPPED));
    }

    void answeredBy(InetAddress address) {
        answering = address;
    }

    /** The address that answered last before the others, which may cost a timeout each. */
    List<InetAddress> bestFirst(List<InetAddress> addresses) {
        InetAddress best = answering;
        if (best == null || addresses.size() == 1 || !addresses.contains(best)) {
            return addresses;
        }
        var ordered = new ArrayList<>(addresses);
        ordered.remove(best);
        ordered.addFirst(best);
        return ordered;
    }

    /** Ends this lane if nothing of it would be missed. */
    synchronized boolean forget() {
        if (!forgotten && running == 0 && waiting.isEmpty() && circuit.isQuiet()) {
            forgotten = true;
            if (circuit.isOpen()) {
                observer.circuitClosed();
            }
        }
        return forgotten;
    }
}
