package io.tidewire.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One event as exactly one line for people: time, level, where, what. Ids come from peers, so whatever could end the line
 * or steer a terminal is written as an escape. A throwable takes the rest of the line: its causes, with a few frames each.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final String OURS = "io.tidewire.";
    private static final int MAX_TEXT = 8 * 1024;
    private static final int MAX_CAUSES = 4;
    private static final int MAX_FRAMES = 6;

    @Override
    public String doLayout(ILoggingEvent event) {
        var text = new StringBuilder(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                text.append(' ').append(pair.key).append('=').append(pair.value);
            }
        }
        causes(text, event.getThrowableProxy());

        String logger = event.getLoggerName();
        var line = new StringBuilder(text.length() + 64);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append("%-5s".formatted(event.getLevel())).append(' ');
        line.append(logger.startsWith(OURS) ? logger.substring(OURS.length()) : logger)
                .append(": ");
        escape(text, line);
        return line.append('\n').toString();
    }

    private static void causes(StringBuilder text, @Nullable IThrowableProxy thrown) {
        String joint = " - ";
        for (int depth = 0; thrown != null && depth < MAX_CAUSES; thrown = thrown.getCause(), depth++) {
            text.append(joint).append(thrown.getClassName());
            if (thrown.getMessage() != null) {
                text.append(": ").append(thrown.getMessage());
            }
            var frames = thrown.getStackTraceElementProxyArray();
            for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
                text.append(i == 0 ? " at " : " < ").append(frames[i].getStackTraceElement());
            }
            joint = " caused by ";
        }
    }

    private static void escape(CharSequence text, StringBuilder line) {
        int length = Math.min(text.length(), MAX_TEXT);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (isHarmless(c)) {
                line.append(c);
            } else {
                line.append("\\u").append("%04x".formatted((int) c));
            }
        }
        if (length < text.length()) {
            line.append("...");
        }
    }

    private static boolean isHarmless(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
