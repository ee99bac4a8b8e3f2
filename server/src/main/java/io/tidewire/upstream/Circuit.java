package io.tidewire.upstream;

import java.util.function.LongSupplier;

/**
 * Counts a host's failures, leaves it alone after too many, then lets a single call through to see. Guarded by its {@link Lane}.
 */
final class Circuit {
    /** What a call told about its host. */
    enum Verdict {
        WELL,
        FAILED,
        /** Nothing. */
        UNKNOWN
    }

    /** What a change of state is for those who watch. */
    enum Change {
        NONE,
        OPENED,
        CLOSED
    }

    private enum State {
        CLOSED,
        OPEN,
        /** One call is under way to see. */
        PROBING
    }

    private final CircuitSettings settings;
    private final LongSupplier nanoTime;
    private State state = State.CLOSED;
    /** Calls that began before the last change of state say nothing any more. */
    private long era;

    private long windowBegan;
    private int calls;
    private int failures;
    private long openedAt;
    private long openNanos;

    Circuit(CircuitSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.windowBegan = nanoTime.getAsLong();
    }

    boolean refuses() {
        return switch (state) {
            case CLOSED -> false;
            case OPEN -> nanoTime.getAsLong() - openedAt < openNanos;
            case PROBING -> true;
        };
    }

    /** A call begins, which is not refused. Its end is told with what is returned. */
    long begin() {
        if (state == State.OPEN) {
            state = State.PROBING;
            era++;
        }
        return era;
    }

    Change end(long began, Verdict verdict) {
        if (began != era || settings.failures() == 0) {
            return Change.NONE;
        }
        return switch (state) {
            case CLOSED -> count(verdict);
            case PROBING -> {
                era++;
                yield switch (verdict) {
                    case WELL -> {
                        state = State.CLOSED;
                        beginWindow();
                        yield Change.CLOSED;
                    }
                    case FAILED -> {
                        open(settings.openFor().toNanos());
                        yield Change.NONE;
                    }
                    case UNKNOWN -> {
                        open(0);
                        yield Change.NONE;
                    }
                };
            }
            // Opening began an era of its own, in which nothing begins.
            case OPEN -> Change.NONE;
        };
    }

    private Change count(Verdict verdict) {
        if (nanoTime.getAsLong() - windowBegan >= settings.window().toNanos()) {
            beginWindow();
        }
        switch (verdict) {
            case WELL -> calls++;
            case FAILED -> {
                calls++;
                failures++;
            }
            case UNKNOWN -> {}
        }
        if (failures < settings.failures() || failures * 100L < (long) settings.failurePercent() * calls) {
            return Change.NONE;
        }
        era++;
        open(settings.openFor().toNanos());
        return Change.OPENED;
    }

    private void open(long nanos) {
        state = State.OPEN;
        openedAt = nanoTime.getAsLong();
        openNanos = nanos;
    }

    private void beginWindow() {
        windowBegan = nanoTime.getAsLong();
        calls = 0;
        failures = 0;
    }

    /** Nothing would be lost if this was forgotten. */
    boolean isQuiet() {
        long now = nanoTime.getAsLong();
        long window = settings.window().toNanos();
        return switch (state) {
            case CLOSED -> failures == 0 || now - windowBegan >= window;
            case OPEN -> now - openedAt >= openNanos + window;
            case PROBING -> false;
        };
    }

    boolean isOpen() {
        return state != State.CLOSED;
    }

    /** Why a call is refused, and for how long. */
    String refusal() {
        String failed = "%d of %d calls failed within %s (upstream.circuit.failures, .failurePercent, .window)"
                .formatted(failures, calls, Words.of(settings.window()));
        if (state == State.PROBING) {
            return failed + "; one call is under way to see whether it is well again";
        }
        long left = Math.max(openNanos - (nanoTime.getAsLong() - openedAt), 0);
        return failed + "; not called for another %s (upstream.circuit.openFor)".formatted(Words.ofNanos(left));
    }
}
