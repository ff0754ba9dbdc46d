package io.sluice.core.log;

import io.sluice.config.SessionLogConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The targets of records, each written by a thread of its own ({@link LogLoop}), so that a blocked one, such as
 * standard output that nobody reads, holds up no other. A target is open as long as it has rings. Safe from any thread.
 */
public final class LogWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** By key, in the order in which they were opened. Guarded by this. */
    private final Map<Object, LogTarget<?>> targets = new LinkedHashMap<>();
    /** Guarded by this. */
    private boolean started;

    /**
     * One worker's ring for session records of this configuration; equal configurations share a target.
     *
     * @throws IOException if the file cannot be opened for appending
     */
    public LogRing<SessionRecord> sessionRing(SessionLogConfig config) throws IOException {
        RecordFormat<SessionRecord> format = switch (config.format()) {
            case TEXT -> new SessionTextFormat();
            case JSON -> new SessionJsonFormat();
        };
        return ring(config, config.file(), format, SessionRecord::new);
    }

    /**
     * One worker's ring for records; without a file they go to standard output. Equal keys share one target, with the
     * file and format given first. Targets of one file do not mix their lines, since each writes whole lines at once.
     *
     * @param key such as a configuration; it stands for the file, the format and the type of record
     * @throws IOException if the file cannot be opened for appending
     */
    public synchronized <R extends LogRecord> LogRing<R> ring(
            Object key, Optional<Path> file, RecordFormat<R> format, Supplier<R> newRecord) throws IOException {
        @SuppressWarnings("unchecked") // The key stands for the type.
        LogTarget<R> target = (LogTarget<R>) targets.get(key);
        if (target == null) {
            target = new LogTarget<>(file, format, newRecord, this);
            targets.put(key, target);
            if (started) {
                target.loop().start();
            }
        }
        return target.addRing();
    }

    /** The number of open targets. */
    public synchronized int targets() {
        return targets.size();
    }

    public synchronized void start() {
        started = true;
        targets.values().forEach(target -> target.loop().start());
    }

    /** Has all files opened again soon, after a log rotation. */
    public void reopen() {
        open().forEach(target -> target.loop().askToReopen());
    }

    /** Forgets a target if it still has no rings; true if so: it gets no more, and has to be closed. */
    synchronized boolean forgets(LogTarget<?> target) {
        return target.isUnused() && targets.values().remove(target);
    }

    /**
     * Writes what was published before this call, then closes the targets. Waits for that for a few seconds at most.
     */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /** The same. @param timeout after which records not yet written are given up */
    void close(Duration timeout) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        List<LogTarget<?>> last = open();
        last.forEach(target -> target.loop().askToClose());
        try {
            for (LogTarget<?> target : last) {
                if (!target.loop().awaitClose(Duration.ofNanos(deadlineNs - System.nanoTime()))) {
                    LOG.error("the last records for {} are lost: they could not be written within {} ms", target.name(),
                            timeout.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<LogTarget<?>> open() {
        return List.copyOf(targets.values());
    }
}
