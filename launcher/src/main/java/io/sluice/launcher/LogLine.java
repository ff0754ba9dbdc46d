package io.sluice.launcher;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.regex.Pattern;

/**
 * A line of the operational log: time, level, message; then a stack trace, if there is one. Further lines are indented,
 * so that nothing from outside that a message or an exception repeats passes for a line. Safe from any thread.
 */
final class LogLine extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    private static final Pattern CONTROL_CHARACTER = Pattern.compile("[\\p{Cc}&&[^\n\t]]");
    private static final int LEVEL_WIDTH = 5;

    @Override
    public String doLayout(ILoggingEvent event) {
        String level = event.getLevel().toString();
        StringBuilder line = new StringBuilder(128);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(level).repeat(' ', LEVEL_WIDTH - level.length() + 1);
        String text = CONTROL_CHARACTER.matcher(text(event)).replaceAll("?");
        return line.append(text.replace("\n", "\n  ")).append('\n').toString();
    }

    private static String text(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        return event.getThrowableProxy() == null ? message
                : message + '\n' + ThrowableProxyUtil.asString(event.getThrowableProxy()).stripTrailing();
    }
}
