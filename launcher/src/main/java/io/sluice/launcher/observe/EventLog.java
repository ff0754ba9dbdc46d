package io.sluice.launcher.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.sluice.launcher.observe.Readings.EventReading;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * The last lines of the operational log, from {@code info} up, for the dashboard: servers that go up and down, reloads,
 * operators' changes. Safe from any thread. Workers log, too, so nothing here blocks, except for the short lock on the
 * list.
 */
final class EventLog extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {

    static final int REMEMBERED = 100;

    private final Deque<EventReading> events = new ArrayDeque<>();
    private final Consumer<EventReading> onEvent;

    /** @param onEvent takes each event, on the thread that logs; must not block */
    EventLog(Consumer<EventReading> onEvent) {
        this.onEvent = onEvent;
    }

    /** Begins to listen to Sluice's own loggers. */
    void open() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            setContext(logback);
            start();
            logger(logback).addAppender(this);
        }
    }

    @Override
    public void close() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            logger(logback).detachAppender(this);
            stop();
        }
    }

    /** The last events, oldest first. */
    List<EventReading> last() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    @Override
    protected void append(ILoggingEvent line) {
        if (!line.getLevel().isGreaterOrEqual(Level.INFO)) {
            return;
        }
        EventReading event = new EventReading(Instant.ofEpochMilli(line.getTimeStamp()),
                line.getLevel().toString().toLowerCase(Locale.ROOT), line.getFormattedMessage());
        synchronized (events) {
            events.addLast(event);
            if (events.size() > REMEMBERED) {
                events.removeFirst();
            }
        }
        onEvent.accept(event);
    }

    private static Logger logger(LoggerContext logback) {
        return logback.getLogger("io.sluice");
    }
}
