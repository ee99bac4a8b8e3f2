package io.tidewire.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.signalr.HttpHubConnectionBuilder;
import com.microsoft.signalr.HubConnection;
import com.microsoft.signalr.HubConnectionBuilder;
import com.microsoft.signalr.TransportEnum;
import io.reactivex.rxjava3.core.Single;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The vendor's Java client, with the texts that it receives kept in order. */
final class VendorClient implements AutoCloseable {
    private static final long LIMIT_SECONDS = 20;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Optional<Exception>> closed = new CompletableFuture<>();
    private final HubConnection connection;

    /** Connects as {@code user}, or anonymously when that is empty. */
    static VendorClient start(HubCaller hub, TransportEnum transport, String user) {
        return start(hub, transport, user, builder -> builder);
    }

    /** The same, with more said to the vendor's builder. */
    static VendorClient start(
            HubCaller hub, TransportEnum transport, String user, UnaryOperator<HttpHubConnectionBuilder> more) {
        return start(hub.clientUrl(), () -> hub.clientToken(user), transport, more);
    }

    /** Connects to a URL with tokens from elsewhere. */
    static VendorClient start(String url, Supplier<String> token, TransportEnum transport) {
        return start(url, token, transport, builder -> builder);
    }

    private static VendorClient start(
            String url, Supplier<String> token, TransportEnum transport, UnaryOperator<HttpHubConnectionBuilder> more) {
        HttpHubConnectionBuilder builder = HubConnectionBuilder.create(url)
                .withTransport(transport)
                .withAccessTokenProvider(Single.fromCallable(token::get));
        VendorClient client = new VendorClient(more.apply(builder).build());
        assertThat(client.connection.start().blockingAwait(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("started in time")
                .isTrue();
        return client;
    }

    private VendorClient(HubConnection connection) {
        this.connection = connection;
        connection.on("message", received::add, String.class);
        connection.onClosed(error -> closed.complete(Optional.ofNullable(error)));
    }

    HubConnection connection() {
        return connection;
    }

    /** The id that the client was given by negotiate. */
    String id() {
        return connection.getConnectionId();
    }

    /** The next texts, waiting for each. */
    List<String> take(int count) throws InterruptedException {
        List<String> taken = new ArrayList<>(count);
        while (taken.size() < count) {
            String text = received.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(text).as("message %d of %d", taken.size() + 1, count).isNotNull();
            taken.add(text);
        }
        return taken;
    }

    /** Waits for the end; the error that the client reports with it, or empty. */
    Optional<Exception> closeError() throws Exception {
        return closed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        connection.close();
    }
}
