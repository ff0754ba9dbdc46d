package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class OperationalLogTest {

    @Test
    void isWhatTheProcessLogsWithAndDropsLinesRatherThanWait() {
        LoggerContext logback = assertInstanceOf(LoggerContext.class, LoggerFactory.getILoggerFactory());
        AsyncAppender queue = assertInstanceOf(AsyncAppender.class,
                logback.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("ASYNC"));

        assertTrue(queue.isNeverBlock());
        assertEquals("System.err", assertInstanceOf(ConsoleAppender.class, queue.getAppender("CONSOLE")).getTarget());
        assertNotNull(logback.getLogger(Logger.ROOT_LOGGER_NAME).getLevel());
    }

    @Test
    void libraryTalkIsKeptOut() {
        LoggerContext logback = assertInstanceOf(LoggerContext.class, LoggerFactory.getILoggerFactory());

        assertEquals(Level.WARN, logback.getLogger("org.eclipse.jetty.server.Server").getEffectiveLevel());
        assertEquals(Level.OFF, logback.getLogger("org.mariadb.jdbc").getEffectiveLevel());
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"-, INFO, false", "'', INFO, false", "debug, DEBUG, false",
            "WARN, WARN, false", "WARNING, INFO, true"})
    void saysThatALevelIsNone(String wanted, String level, boolean isTold) {
        Logger root = new LoggerContext().getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.addAppender(lines);
        OperationalLog.setLevel(root, wanted);

        assertEquals(Level.toLevel(level), root.getLevel());
        assertEquals(isTold ? List.of("SLUICE_LOG_LEVEL is ERROR, WARN, INFO or DEBUG, not WARNING: INFO applies")
                : List.of(), lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }
}
