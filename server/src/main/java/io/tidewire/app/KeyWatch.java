package io.tidewire.app;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.config.InvalidSettings;
import io.tidewire.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

    /** The keys of one service. All fields belong to the thread of the watch. */
    static final class Watched {
        private final String service;
        private final AccessKeys keys;
        private final Function<Settings, @Nullable KeySettings> place;
        private KeySettings inUse;
        private KeySettings seen;

        /**
         * Keys that are in use.
         *
         * @param service its section of the settings
         * @param inUse what the keys were made from
         * @param place where the settings have them
         */
        Watched(String service, AccessKeys keys, KeySettings inUse, Function<Settings, @Nullable KeySettings> place) {
            this.service = service;
            this.keys = keys;
            this.place = place;
            this.inUse = inUse;
            this.seen = inUse;
        }

        /** @throws IllegalStateException when there are none any more; to serve no longer needs a restart */
        private KeySettings find(Settings settings) {
            KeySettings now = place.apply(settings);
            if (now == null) {
                throw new IllegalStateException("'" + service + ".keys.primary' is no longer set");
            }
            return now;
        }

        private void look(KeySettings now) {
            boolean settled = now.equals(seen);
            seen = now;
            if (settled && !now.equals(inUse)) {
                keys.replace(now);
                inUse = now;
                LOG.info(
                        "The access keys {}.keys have changed; {} valid from now on",
                        service,
                        now.secondary() == null ? "one is" : "two are");
            }
        }
    }

    private final Supplier<Settings> source;
    private final List<Watched> watched;
    private final LongAdder refused;
    private final Duration interval;
    private final Thread thread;

    private List<String> problems = List.of();
    private boolean complained;

    /**
     * Starts to watch.
     *
     * @param source reads the settings anew; throws {@link InvalidSettings}
     * @param watched the keys of each service that is served
     * @param refused counts settings that could not be used
     */
    KeyWatch(Supplier<Settings> source, List<Watched> watched, LongAdder refused, Duration interval) {
        this.source = source;
        this.watched = List.copyOf(watched);
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
            Settings settings = source.get();
            List<KeySettings> now =
                    watched.stream().map(one -> one.find(settings)).toList();
            problems = List.of();
            for (int i = 0; i < now.size(); i++) {
                watched.get(i).look(now.get(i));
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
