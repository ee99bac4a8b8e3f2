package io.tidewire.service.client;

import io.tidewire.hub.Disconnect;

/** A session as its {@link Heartbeat} knows it. All calls come on the session's loop. */
public interface Watched {
    /**
     * Looks at its clocks; called a few times in each of the intervals that are watched.
     *
     * @param now nanoseconds
     * @param resumed when this process last went on after a pause; silence before that does not count
     */
    void beat(long now, long resumed);

    /** Ends the session and tells the client why. */
    void close(Disconnect why);

    /** Ends a session that this side could not serve. */
    void fail();

    /** The place in the heartbeat, kept for it and written by nobody else; -1, as in the beginning, for none. */
    int heartbeatIndex();

    void heartbeatIndex(int index);
}
