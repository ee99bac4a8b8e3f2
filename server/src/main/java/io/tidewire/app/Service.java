package io.tidewire.app;

import io.tidewire.auth.ConnectionString;
import io.tidewire.http.HttpListener;
import io.tidewire.hub.Disconnect;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One service that is served: behind which doors, how it is told of to people, and the steps of its end. */
public final class Service {
    /** What a service brings to its end. */
    @FunctionalInterface
    interface Farewell {
        /** Ends every client and keeps new ones out; completes when all have been told. */
        CompletionStage<Void> tell(Disconnect why);
    }

    private final String title;
    private final Foundation foundation;
    private final List<HttpListener> doors;
    private final BiFunction<URI, String, ConnectionString> connectionString;
    private final Farewell farewell;
    private final @Nullable Applications applications;

    /**
     * Nothing listens yet.
     *
     * @param title for people
     * @param doors the usual one first
     * @param connectionString in the form of this service
     * @param applications that are told what clients do; null for none
     */
    Service(
            String title,
            Foundation foundation,
            List<HttpListener> doors,
            BiFunction<URI, String, ConnectionString> connectionString,
            Farewell farewell,
            @Nullable Applications applications) {
        this.title = title;
        this.foundation = foundation;
        this.doors = List.copyOf(doors);
        this.connectionString = connectionString;
        this.farewell = farewell;
        this.applications = applications;
    }

    /** As its section of the settings is called. */
    public String name() {
        return foundation.name();
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** Where its listener really is. */
    public URI url() {
        return url(doors.getFirst());
    }

    /** Where its extra listener really is. */
    public Optional<URI> extraUrl() {
        return doors.stream().skip(1).map(Service::url).findFirst();
    }

    /** What callers use; holds the primary key that the server was started with. */
    public String connectionString() {
        URI told = foundation.publicEndpoint();
        return connectionString
                .apply(told == null ? url() : told, foundation.keySettings().primary())
                .print();
    }

    /** The URLs under which applications are told what clients do, in their order, without secrets. */
    public List<String> applications() {
        return applications == null ? List.of() : applications.urls();
    }

    /** For people: the address that is bound, and the one that others are told. */
    public String listens() {
        InetSocketAddress bound = doors.getFirst().address();
        String where = bound.getAddress().isAnyLocalAddress()
                ? "port " + bound.getPort() + " of every address of this machine"
                : url().toString();
        URI told = foundation.publicEndpoint();
        return told == null ? where : where + ", known as " + told;
    }

    /** As a person on this machine would write it. */
    static URI url(HttpListener listener) {
        InetSocketAddress bound = listener.address();
        InetAddress host = bound.getAddress();
        boolean here = host.isLoopbackAddress() || host.isAnyLocalAddress();
        // On many machines localhost is the address of the older kind only.
        boolean six = host instanceof Inet6Address && host.isLoopbackAddress();
        String name = six ? "::1" : here ? "localhost" : host.getHostAddress();
        return URI.create(
                listener.scheme() + "://" + (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + bound.getPort());
    }

    Foundation foundation() {
        return foundation;
    }

    boolean accepting() {
        return doors.stream().allMatch(HttpListener::accepting);
    }

    /** Throws {@link io.tidewire.http.NetworkException} when an address is not free or not ours. */
    void start() {
        doors.forEach(HttpListener::start);
    }

    void stopAccepting() {
        doors.forEach(HttpListener::stopAccepting);
    }

    CompletionStage<Void> tellClients(Disconnect why) {
        return farewell.tell(why);
    }

    /** Lets running requests be answered. */
    void drain(Duration left) {
        doors.forEach(listener -> listener.close(left));
    }

    boolean hasSockets() {
        return doors.stream().anyMatch(listener -> listener.connections() > 0);
    }

    /** Ends the sockets that are left. */
    void cut(Duration left) {
        doors.forEach(listener -> listener.cut(left));
    }

    /** After the last client has gone: tells applications what is left to tell. */
    void tellApplications(Duration left) {
        if (applications != null) {
            applications.close(left);
        }
    }

    /** After the last socket has gone. */
    void close() {
        foundation.close();
    }
}
