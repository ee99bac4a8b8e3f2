package io.tidewire.service.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients of this node that a later request asks for by their id: those whose transport is more than one request, and
 * those that may come back. Any thread.
 */
public final class Directory<S extends Directory.Entry> {
    /** What is found here by its names. */
    public interface Entry {
        String hub();

        String connectionId();
    }

    /** More that end within one {@code negotiateTimeout} may open once more, as if they were new. */
    private static final int MAX_RETIRED = 100_000;

    private record Key(String hub, String connectionId) {}

    private final ConcurrentMap<Key, S> sessions = new ConcurrentHashMap<>();

    /** Ids of connections that have ended, while their tokens are fresh enough to open a connection. */
    private final Cache<Key, Boolean> retired;

    /** @param negotiateTimeout how long a token opens a connection; zero where none does */
    public Directory(Duration negotiateTimeout) {
        this.retired = Caffeine.newBuilder()
                .expireAfterWrite(Math.max(0, negotiateTimeout.toSeconds()) + 1, TimeUnit.SECONDS)
                .maximumSize(MAX_RETIRED)
                .build();
    }

    /** False when the id is taken. The session takes itself out when it ends. */
    public boolean add(S session) {
        return sessions.putIfAbsent(key(session), session) == null;
    }

    @Nullable
    public S find(String hub, String connectionId) {
        return sessions.get(new Key(hub, connectionId));
    }

    public void remove(S session) {
        sessions.remove(key(session), session);
    }

    /**
     * Remembers that the connection has ended. A client that wants to go on with it must be told so: opened anew, the
     * connection would wait for a handshake while the client believes that it is through, and comes back at once, again and
     * again.
     */
    public void retire(S session) {
        retired.put(key(session), true);
    }

    public boolean isRetired(String hub, String connectionId) {
        return retired.getIfPresent(new Key(hub, connectionId)) != null;
    }

    private static Key key(Entry session) {
        return new Key(session.hub(), session.connectionId());
    }
}
