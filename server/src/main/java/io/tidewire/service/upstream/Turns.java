package io.tidewire.service.upstream;

import io.tidewire.http.Budget;
import io.tidewire.hub.Disconnect;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one client says to an application: one thing at a time and in its order. What waits is bounded: the client is not read
 * from while there is much, and closed when that was not enough. A client that is gone is still heard out, so that what it said
 * before it went is not lost. Everything happens on the client's loop.
 *
 * @param <T> what waits
 */
public final class Turns<T> {
    /** Reading stops at this part of what may wait, and goes on at half of that. */
    private static final int PAUSE_AT = 16;

    /** The client in the eyes of its turns. */
    public interface Peer {
        void pause();

        void resume();

        void close(Disconnect why);
    }

    /**
     * How much may wait.
     *
     * @param bytes of one client
     * @param setting where that is set
     * @param budget of the node, for all clients
     */
    public record Bound(int bytes, String setting, Budget budget) {}

    private record Waiting<T>(T what, int weight) {}

    private final Bound bound;
    private final Peer peer;
    private final Consumer<T> begin;
    private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>(1);

    private @Nullable Waiting<T> underWay;
    private boolean gone;
    private boolean paused;
    private @Nullable Runnable whenOver;

    /** Weight of what waits and of what is under way; taken from the node's budget. */
    private long held;

    /**
     * Nothing waits yet.
     *
     * @param begin gives something its turn; {@link #done} ends it, in a task of its own
     */
    public Turns(Bound bound, Peer peer, Consumer<T> begin) {
        this.bound = bound;
        this.peer = peer;
        this.begin = begin;
    }

    /**
     * Takes room for something that is {@link #add}ed then, or closes the client.
     *
     * @param weight the memory that it takes, about
     */
    public boolean hold(int weight) {
        if (held > 0 && held + weight > bound.bytes) {
            throttle("Too many messages wait for the upstream: more than " + bound.bytes + " bytes (setting "
                    + bound.setting + ")");
            return false;
        }
        // A slow application leaves room for what is not for it, however long it takes.
        if (!bound.budget.takeSpare(weight)) {
            throttle("Too many messages of all clients wait (setting network.maxBufferedBytes)");
            return false;
        }
        held += weight;
        if (!paused && !gone && held > bound.bytes / PAUSE_AT) {
            paused = true;
            peer.pause();
        }
        return true;
    }

    private void throttle(String why) {
        peer.close(Disconnect.backlog(why));
    }

    /**
     * Puts something in line.
     *
     * @param weight what is held for it; 0 for what is not of the client's making
     */
    public void add(T what, int weight) {
        waiting.add(new Waiting<>(what, weight));
        next();
    }

    /** Whether nothing waits and nothing is under way. */
    public boolean idle() {
        return underWay == null && waiting.isEmpty();
    }

    /** What had its turn is over. */
    public void done() {
        Waiting<T> last = underWay;
        underWay = null;
        if (last != null) {
            free(last.weight);
        }
        next();
    }

    /** Gives up all that waits. */
    public void drop(Consumer<T> dropped) {
        for (Waiting<T> one = waiting.poll(); one != null; one = waiting.poll()) {
            free(one.weight);
            dropped.accept(one.what);
        }
    }

    /** The client is gone and nothing is added any more; {@code whenOver} runs when all that waits has had its turn. */
    public void end(Runnable over) {
        gone = true;
        whenOver = over;
        next();
    }

    private void free(int weight) {
        held -= weight;
        bound.budget.give(weight);
        if (paused && held <= bound.bytes / (2 * PAUSE_AT)) {
            paused = false;
            if (!gone) {
                peer.resume();
            }
        }
    }

    private void next() {
        if (underWay != null) {
            return;
        }
        underWay = waiting.poll();
        if (underWay != null) {
            begin.accept(underWay.what);
        } else if (whenOver != null) {
            Runnable over = whenOver;
            whenOver = null;
            over.run();
        }
    }
}
