package io.tidewire.signalr;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Route;
import io.tidewire.hub.Observer;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns app servers (Default mode) away. They come again for ever and show a bare 404, so the log here says why, once. Any thread.
 */
final class AppServers implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(AppServers.class);

    private final Observer observer;
    private final AtomicBoolean said = new AtomicBoolean();

    AppServers(Observer observer) {
        this.observer = observer;
    }

    Route route() {
        return new Route(
                HttpMethod.GET, "/server", Set.of(), "Server_Connect", Set.of(), ProblemFormat.PLAIN_TEXT, this);
    }

    @Override
    public void handle(Exchange exchange) {
        observer.refused("AppServer");
        if (said.compareAndSet(false, true)) {
            LOG.warn(
                    "Refused an app server (an ASP.NET Core application with AddAzureSignalR): only serverless mode is served so"
                            + " far, in which applications use the REST API and upstreams. Further ones are counted only");
        }
        throw new Problem(404, "NotFound", "App servers cannot connect: only serverless mode is served so far.");
    }
}
