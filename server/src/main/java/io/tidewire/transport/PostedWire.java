package io.tidewire.transport;

import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Response;

/** A wire whose client sends with requests of their own (POST), on any connection and so on any loop. */
public sealed interface PostedWire extends Wire permits EventStreamWire, LongPollingWire {
    /**
     * Hands the body of a request to the session, behind those that came before, and then answers the request. While reading is paused the
     * request waits, and with it its client: what it holds meanwhile is one body for each connection that it keeps open. On
     * {@link #loop()}.
     *
     * @param taken the answer when the session has it
     * @param gone the answer when the client has ended
     */
    void receive(Exchange exchange, Response taken, Problem gone);
}
