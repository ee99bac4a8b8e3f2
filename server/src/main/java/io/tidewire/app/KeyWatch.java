package io.tidewire.app;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.config.InvalidSettings;
import io.tidewire.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings again every few seconds and takes up access keys that have changed, so that keys are rotated without a
 * restart. Everything else waits for the next start. Settings that cannot be used change nothing, and are complained of once.
 * Either way two looks must have seen the same, since a file is cut short while it is written, and half of it may well look
 * right. All fields belong to the thread.
 */
final class KeyWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);

    private final Supplier<Settings> source;
    private final AccessKeys keys;
    private final LongAdder refused;
    private final Duration interval;
    private final Thread thread;

    private KeySettings inUse;
    private KeySettings seen;
    private List<String> problems = List.of();
    private boolean complained;

    /**
     * Starts to watch.
     *
     * @param source reads the settings anew; throws {@link InvalidSettings}
     * @param inUse what the keys were made from
     * @param refused counts settings that could not be used
     */
    KeyWatch(Supplier<Settings> source, AccessKeys keys, KeySettings inUse, LongAdder refused, Duration interval) {
        this.source = source;
        this.keys = keys;
        this.inUse = inUse;
        this.seen = inUse;
        this.refused = refused;
        this.interval = interval;
        this.thread = Thread.ofVirtual().name("tidewire-keys").start(this::run);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(interval);
                look();
            }
        } catch (InterruptedException closed) {
            LOG.trace("No keys are watched any more");
        }
    }

    private void look() {
        try {
            KeySettings now = source.get().signalr().keys();
            problems = List.of();
            boolean settled = now.equals(seen);
            seen = now;
            if (settled && !now.equals(inUse)) {
                keys.replace(now);
                inUse = now;
                LOG.info(
                        "The access keys have changed; {} valid from now on",
                        now.secondary() == null ? "one is" : "two are");
            }
        } catch (InvalidSettings invalid) {
            complain(invalid.problems());
        } catch (RuntimeException why) {
            complain(List.of(String.valueOf(why.getMessage())));
        }
    }

    private void complain(List<String> now) {
        if (!now.equals(problems)) {
            problems = now;
            complained = false;
        } else if (!complained) {
            complained = true;
            refused.increment();
            LOG.error(
                    "The changed settings cannot be used: {}. The access keys before them stay valid",
                    String.join("; ", now));
        }
    }
}
