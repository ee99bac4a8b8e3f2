package io.tidewire.service.upstream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Explains each call: to the observer, and in the log, failures loud and the others for who wants to see them. */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final FailureLog failures;
    private final UpstreamObserver observer;

    public Journal(FailureLog failures, UpstreamObserver observer) {
        this.failures = failures;
        this.observer = observer;
    }

    /**
     * A call is over.
     *
     * @param host whose failures are told together
     */
    public void write(String host, UpstreamCall call) {
        UpstreamCall told = call.forPeople();
        observer.called(told);
        if (told.failed()) {
            failures.failed(host, line(told));
        } else {
            failures.succeeded(host);
            LOG.debug("{}", line(told));
        }
    }

    public void close() {
        failures.close();
    }

    private static String line(UpstreamCall call) {
        return "%s '%s' for 'hub:%s,category:%s,event:%s' of connection %s: %s%s in %d ms; the client saw: %s"
                .formatted(
                        call.failed() ? "Failed invoking" : "Invoked",
                        call.url(),
                        call.hub(),
                        call.category(),
                        call.event(),
                        call.connectionId(),
                        call.result(),
                        call.detail().isEmpty() ? "" : " (" + call.detail() + ")",
                        call.took().toMillis(),
                        call.clientSaw());
    }
}
