package io.tidewire.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log: one line per event on stderr, written by a thread of its own so that nobody waits for a stuck reader.
 * {@code TIDEWIRE_LOG_FORMAT=json} writes JSON lines, {@code TIDEWIRE_LOG_LEVEL} sets how much. Logback finds this class
 * through its service file; a {@code logback.configurationFile} property takes precedence.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    private final Map<String, String> environment;
    private final OutputStream out;

    /** For logback. */
    public Logging() {
        this(System.getenv(), System.err);
    }

    Logging(Map<String, String> environment, OutputStream out) {
        this.environment = environment;
        this.out = out;
    }

    /** Log lines that were given up since the start. */
    public static long dropped() {
        return NeverBlockingAppender.DROPPED.sum();
    }

    /** Writes what is queued, for a second at most, and ends logging. The last thing a process does. */
    public static void stop() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Encoder<ILoggingEvent> encoder = encoder();
        encoder.setContext(context);
        encoder.start();

        var stream = new OutputStreamAppender<ILoggingEvent>();
        stream.setContext(context);
        stream.setName("stderr");
        stream.setEncoder(encoder);
        stream.setOutputStream(out);
        stream.start();

        var queue = new NeverBlockingAppender();
        queue.setContext(context);
        queue.setName("queue");
        queue.addAppender(stream);
        queue.start();

        Level level = level();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        // The libraries say far more than anyone wants at debug; trace asks for that too.
        root.setLevel(level.isGreaterOrEqual(Level.INFO) ? level : level == Level.TRACE ? Level.DEBUG : Level.INFO);
        root.addAppender(queue);
        context.getLogger("io.tidewire").setLevel(level);
        // It would write headers and queries, keys and tokens included.
        // It tells of every try to connect; the sinks of events tell when Redis goes and when it is there again.
        context.getLogger("io.lettuce").setLevel(Level.ERROR);
        context.getLogger("org.apache.hc").setLevel(level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private Encoder<ILoggingEvent> encoder() {
        if (word("TIDEWIRE_LOG_FORMAT").equals("json")) {
            var json = new JsonEncoder();
            json.setWithMessage(false);
            json.setWithFormattedMessage(true);
            json.setWithArguments(false);
            json.setWithSequenceNumber(false);
            json.setWithNanoseconds(false);
            json.setWithContext(false);
            return json;
        }
        var line = new LineLayout();
        line.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(line);
        return encoder;
    }

    /** A word that is none of these is refused when the settings are read, so it need not be reported here. */
    private Level level() {
        return switch (word("TIDEWIRE_LOG_LEVEL")) {
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "debug" -> Level.DEBUG;
            case "trace" -> Level.TRACE;
            default -> Level.INFO;
        };
    }

    private String word(String variable) {
        return environment.getOrDefault(variable, "").strip().toLowerCase(Locale.ROOT);
    }
}
