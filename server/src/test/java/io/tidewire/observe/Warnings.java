package io.tidewire.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Hears what one class warns of, until it is closed. */
public final class Warnings implements AutoCloseable {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger;

    public Warnings(Class<?> of) {
        logger = (Logger) LoggerFactory.getLogger(of);
        log.start();
        logger.addAppender(log);
    }

    public List<String> lines() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().equals(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(log);
    }
}
