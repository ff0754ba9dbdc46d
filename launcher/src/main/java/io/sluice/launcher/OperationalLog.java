package io.sluice.launcher;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;

/**
 * Configures Logback to write the operational log to standard error. Logback finds this class as a service in META-INF.
 * It replaces an XML file, since reading XML loads hundreds of classes at each start, which then stay in memory.
 *
 * <p>Owned by the thread that logs first.
 */
public final class OperationalLog extends ContextAwareBase implements Configurator {

    private static final int QUEUED_LINES = 4096;
    private static final int FLUSH_MS = 2000;

    @Override
    public ExecutionStatus configure(LoggerContext logback) {
        logback.getStatusManager().add(new NopStatusListener());
        Logger root = logback.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(queue(logback, console(logback)));
        setLevel(root, System.getenv("SLUICE_LOG_LEVEL"));
        logback.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        // The driver logs every error of a server; the health check that uses it logs the same in its own words.
        logback.getLogger("org.mariadb").setLevel(Level.OFF);
        Runtime.getRuntime().addShutdownHook(new Thread(logback::stop, "log-flush"));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** @param wanted null or empty: nothing is wanted */
    static void setLevel(Logger root, String wanted) {
        Level level = Level.toLevel(wanted, null);
        root.setLevel(level == null ? Level.INFO : level);
        if (level == null && wanted != null && !wanted.isBlank()) {
            root.warn("SLUICE_LOG_LEVEL is ERROR, WARN, INFO or DEBUG, not {}: INFO applies", wanted);
        }
    }

    /** A queue that drops lines when it is full: workers log, too, and must never wait for a terminal. */
    private static Appender<ILoggingEvent> queue(LoggerContext logback, Appender<ILoggingEvent> sink) {
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(logback);
        queue.setName("ASYNC");
        queue.setQueueSize(QUEUED_LINES);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_MS);
        queue.addAppender(sink);
        queue.start();
        return queue;
    }

    private static Appender<ILoggingEvent> console(LoggerContext logback) {
        LogLine line = new LogLine();
        line.setContext(logback);
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(logback);
        encoder.setLayout(line);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(logback);
        console.setName("CONSOLE");
        console.setTarget(ConsoleTarget.SystemErr.getName());
        console.setEncoder(encoder);
        console.start();
        return console;
    }
}
