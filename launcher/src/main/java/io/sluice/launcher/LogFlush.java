package io.sluice.launcher;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Gets the operational log written before the process is halted, which runs no shutdown hooks. */
final class LogFlush {

    private LogFlush() { }

    /** Stops logging, which writes what is queued and waits for that, for as long as {@link OperationalLog} says. */
    static void await() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            logback.stop();
        }
    }
}
