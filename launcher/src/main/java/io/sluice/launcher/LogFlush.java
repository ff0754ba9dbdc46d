package io.sluice.launcher;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Writes out the operational log before the process is halted, since halting runs no shutdown hooks. */
final class LogFlush {

    private LogFlush() { }

    /** Stops logging and waits until the queue is written, at most for the flush time of {@link OperationalLog}. */
    static void await() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            logback.stop();
        }
    }
}
