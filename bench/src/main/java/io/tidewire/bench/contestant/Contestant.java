package io.tidewire.bench.contestant;

import io.tidewire.bench.load.Clients;
import io.tidewire.bench.load.Requests;
import io.tidewire.bench.load.Way;
import io.tidewire.bench.machine.Site;
import java.util.Optional;

/**
 * A server that takes part. Sizes are those of the WebSocket payload that a client gets: whoever puts an envelope around a message
 * publishes that much less.
 */
public interface Contestant {
    /** One word, by which the command line and the report know it. */
    String name();

    /** One line for the report. */
    String about(Site site);

    /** Why it cannot take part here, or nothing. */
    Optional<String> missing(Site site);

    /** Starts it on its CPU and waits until it is ready. */
    Server start(Site site);

    /** How its clients come in, or nothing where it cannot have such a crowd. */
    Optional<Clients> clients(Crowd crowd, int count);

    /** What reaches that audience, or nothing where it has no such audience. */
    default Optional<Requests> requests(Audience audience, int bytes, int clients) {
        return Optional.empty();
    }

    /** The frame of a client that comes back to it; {@code {n}} stands for its number. */
    default Optional<String> echo(int bytes) {
        return Optional.empty();
    }

    default Optional<Way> way(Coming coming) {
        return Optional.empty();
    }

    /** What it is written in, where that has a say in how it is measured. */
    default Engine engine() {
        return Engine.NATIVE;
    }

    /** What runs it. */
    enum Engine {
        NATIVE,
        /** Compiles while it runs, so it is warmed first. */
        JAVASCRIPT,
        /** That, and its live heap can be asked for. */
        JVM;

        public boolean warms() {
            return this != NATIVE;
        }

        /**
         * How many times faster than it is measured it is warmed. A JVM compiles what was called some ten thousand times, which at a few requests
         * a second would not be in this quarter of an hour.
         */
        public int warmPace() {
            return this == JVM ? 3 : 1;
        }
    }
}
