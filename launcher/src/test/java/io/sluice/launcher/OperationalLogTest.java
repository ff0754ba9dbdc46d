package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ConsoleAppender;
import org.junit.jupiter.api.Test;
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
}
