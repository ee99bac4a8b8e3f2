package io.tidewire.cli;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A server that has been started by {@link ServerLauncher}. Usable from any thread. */
interface RunningServer extends AutoCloseable {
    /** What is open where, one line each, for people. Never contains a key. */
    List<String> describe();

    /**
     * Connection string of the SignalR listener with the port it really has; empty when it is not served. It holds the key: only
     * {@code dev} prints it.
     */
    Optional<String> signalr();

    /** The same of Web PubSub. */
    Optional<String> webPubSub();

    /** Base of the admin listener, such as {@code http://127.0.0.1:8900}. */
    URI admin();

    /** Blocks until the server has stopped, whoever stopped it. */
    void awaitStop() throws InterruptedException;

    /** Orderly stop, bounded by the setting of the server. Returns when it is done; a second call does nothing. */
    @Override
    void close();
}
