package io.tidewire.app.cost;

import io.netty.util.ResourceLeakDetector;
import io.tidewire.app.TestTidewire;
import java.util.concurrent.atomic.AtomicInteger;

/** A whole server that does nothing by itself, without the leak detector, which allocates for each buffer that is touched. */
final class MeasuredServer implements AutoCloseable {
    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private final AtomicInteger hubs = new AtomicInteger();
    private final TestTidewire tidewire;

    MeasuredServer() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        tidewire = TestTidewire.with()
                .set(
                        "signalr.client.keepAliveInterval=10m",
                        "signalr.client.timeout=1h",
                        "webpubsub.client.keepAliveInterval=2m",
                        "webpubsub.client.timeout=1h")
                .start();
    }

    TestTidewire tidewire() {
        return tidewire;
    }

    /** Of nobody yet, in a hub of its own, with places for so many. */
    Crowd crowd(ClientForm form, int places) {
        return new Crowd(tidewire, form, "hub" + hubs.incrementAndGet(), places);
    }

    @Override
    public void close() {
        tidewire.close();
        ResourceLeakDetector.setLevel(before);
    }
}
