package io.tidewire.upstream;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The lane of each host. Hosts may come out of what clients send, so quiet ones are forgotten and all are bounded. */
final class Lanes {
    static final int MAX_HOSTS = 10_000;

    private final WebhookSettings settings;
    private final WebhookObserver observer;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<Target, Lane> lanes = new ConcurrentHashMap<>();

    Lanes(WebhookSettings settings, WebhookObserver observer, LongSupplier nanoTime) {
        this.settings = settings;
        this.observer = observer;
        this.nanoTime = nanoTime;
    }

    /** Null when there are too many. */
    @Nullable
    Lane of(Target target) {
        Lane known = lanes.get(target);
        if (known != null) {
            return known;
        }
        if (lanes.size() >= MAX_HOSTS) {
            forgetQuiet();
            if (lanes.size() >= MAX_HOSTS) {
                return null;
            }
        }
        return lanes.computeIfAbsent(target, host -> new Lane(host, settings, observer, nanoTime));
    }

    void forgetQuiet() {
        lanes.values().removeIf(Lane::forget);
    }

    void stop() {
        lanes.values().forEach(Lane::stop);
    }

    int size() {
        return lanes.size();
    }
}
