package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogLineTest {

    private final LoggerContext logback = new LoggerContext();
    private final LogLine line = new LogLine();

    @Test
    void hasTimeInMillisecondsAlignedLevelAndMessage() {
        assertEquals("2026-01-02T03:04:05.000Z INFO  server a/b is UP\n",
                line.doLayout(event(Level.INFO, "server {} is UP", null, "a/b")));
        assertEquals("2026-01-02T03:04:05.000Z ERROR gone\n", line.doLayout(event(Level.ERROR, "gone", null)));
    }

    @Test
    void nothingThatAMessageRepeatsPassesForALine() {
        assertEquals("2026-01-02T03:04:05.000Z WARN  it says ?[31mhello\n"
                        + "  2026-01-02T03:04:05.000Z INFO  all is well?\n",
                line.doLayout(event(Level.WARN, "it says {}", null,
                        "\u001b[31mhello\n2026-01-02T03:04:05.000Z INFO  all is well\r")));
    }

    @Test
    void aStackTraceFollows() {
        String text = line.doLayout(event(Level.ERROR, "it broke", new IllegalStateException("why")));

        assertTrue(text.startsWith("2026-01-02T03:04:05.000Z ERROR it broke\n  java.lang.IllegalStateException: why\n"),
                text);
        assertTrue(text.contains("\tat " + LogLineTest.class.getName()), text);
        assertTrue(text.endsWith("\n"), text);
    }

    @Test
    void nothingThatAnExceptionRepeatsPassesForALine() {
        String text = line.doLayout(event(Level.ERROR, "it broke", new IllegalStateException(
                "\u001b[31mhello\n2026-01-02T03:04:05.000Z INFO  all is well\r", new IOException("one\ntwo"))));

        assertTrue(text.lines().skip(1).allMatch(further -> further.startsWith("  ")), text);
        assertTrue(text.contains("?[31mhello\n  2026-01-02T03:04:05.000Z INFO  all is well?\n"), text);
    }

    private LoggingEvent event(Level level, String message, Throwable cause, Object... arguments) {
        LoggingEvent event = new LoggingEvent(LogLineTest.class.getName(), logback.getLogger("test"), level, message,
                cause, arguments);
        event.setInstant(Instant.parse("2026-01-02T03:04:05Z"));
        return event;
    }
}
