package io.tidewire.signalr.client;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The clients of this node that a later request asks for by their id: those whose transport is more than one request, and
 * those that may come back. Any thread.
 */
final class Directory {
    private record Key(String hub, String connectionId) {}

    private final ConcurrentMap<Key, ClientSession> sessions = new ConcurrentHashMap<>();

    /** False when the id is taken. The session takes itself out when it ends. */
    boolean add(ClientSession session) {
        return sessions.putIfAbsent(key(session), session) == null;
    }

    @Nullable
    ClientSession find(String hub, String connectionId) {
        return sessions.get(new Key(hub, connectionId));
    }

    void remove(ClientSession session) {
        sessions.remove(key(session), session);
    }

    private static Key key(ClientSession session) {
        return new Key(session.hub(), session.connectionId());
    }
}
