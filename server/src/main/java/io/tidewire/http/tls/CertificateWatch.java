package io.tidewire.http.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of a certificate every few seconds and takes up what has changed. By modification time and not by the system's file
 * events, which do not reach through the links and mounts that certificates are commonly handed out by. All fields belong to the thread.
 */
final class CertificateWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    /** What tells one state of a file from another; null attributes for a file that is not there. */
    private record Stamp(
            @Nullable FileTime changed, long size, @Nullable Object key) {
        static Stamp of(Path path) {
            try {
                var attributes = Files.readAttributes(path, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (IOException missing) {
                return new Stamp(null, 0, null);
            }
        }
    }

    private final Tls tls;
    private final CertificateObserver observer;
    private final Duration interval;
    private final Thread thread;
    private List<Stamp> inUse;
    private List<Stamp> unusable = List.of();
    private boolean complained;

    /** Starts to watch. */
    CertificateWatch(Tls tls, CertificateObserver observer, Duration interval) {
        this.tls = tls;
        this.observer = observer;
        this.interval = interval;
        this.inUse = stamps();
        this.thread = Thread.ofVirtual().name("tidewire-certificates").start(this::run);
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
            LOG.trace("No certificates are watched any more");
        }
    }

    /**
     * Between the two files of a pair one is old and the other new for a moment, and a file is cut short while it is written. So what cannot
     * be used is tried again at every look, and complained of, once, when it has stayed the same for one.
     */
    private void look() {
        // Before reading: what changes meanwhile is seen at the next look.
        List<Stamp> now = stamps();
        tls.tellExpiry();
        if (now.equals(inUse)) {
            return;
        }
        try {
            tls.renew();
            inUse = now;
        } catch (RuntimeException why) {
            complain(now, why);
        }
    }

    private void complain(List<Stamp> now, RuntimeException why) {
        if (!now.equals(unusable)) {
            unusable = now;
            complained = false;
        } else if (!complained) {
            complained = true;
            observer.refused();
            LOG.error("{}. The certificate before it stays in use", why.getMessage());
        }
    }

    private List<Stamp> stamps() {
        var stamps = new ArrayList<Stamp>();
        for (Path path : tls.paths()) {
            stamps.add(Stamp.of(path));
        }
        return stamps;
    }
}
