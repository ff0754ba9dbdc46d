package io.sluice.core.log;

import io.sluice.config.SessionLogConfig;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes records to their targets, so that no worker ever waits for a disk or a terminal. While records
 * keep coming it looks for them every few milliseconds, and publishing them costs workers no system call; once they
 * stop it sleeps until the next one.
 *
 * <p>A target is open as long as it has rings. Safe from any thread.
 */
public final class LogWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Until a target that has failed is tried again, if no record comes before. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    /** Empty looks before the writer sleeps for good. */
    private static final int PATIENCE = 20;

    /** By key, in the order in which they were opened. Guarded by this. */
    private final Map<Object, LogSink<?>> sinks = new LinkedHashMap<>();
    /** The same for the writer's thread, replaced whole. */
    private volatile List<LogSink<?>> open = List.of();
    private final Thread thread = Thread.ofPlatform().name("log-writer").daemon().unstarted(this::run);
    private volatile boolean sleeping;
    private volatile boolean reopenAsked;
    private volatile boolean closed;

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
     * One worker's ring for records, which go to standard output without a file; equal keys share one target, which is
     * the first one's. Targets of one file do not mix their lines, since each writes whole lines, one after the other.
     *
     * @param key such as a configuration; it stands for the file, the format and the type of record
     * @throws IOException if the file cannot be opened for appending
     */
    public synchronized <R> LogRing<R> ring(Object key, Optional<Path> file, RecordFormat<R> format,
                                            Supplier<R> newRecord) throws IOException {
        @SuppressWarnings("unchecked") // The key stands for the type.
        LogSink<R> sink = (LogSink<R>) sinks.get(key);
        if (sink == null) {
            sink = new LogSink<>(file, format, newRecord, this);
            sinks.put(key, sink);
            open = List.copyOf(sinks.values());
        }
        return sink.addRing();
    }

    /** Targets that are open. */
    public int targets() {
        return open.size();
    }

    public void start() {
        thread.start();
    }

    /** Has all files opened anew soon, after a log rotation. */
    public void reopen() {
        reopenAsked = true;
        LockSupport.unpark(thread);
    }

    /** A record was published. */
    void wake() {
        // A ring publishes by an ordered store, which may become visible after the look at the flag below. The writer
        // could then miss the record, this call that the writer sleeps, and the record would wait for the next one.
        VarHandle.fullFence();
        if (sleeping) {
            sleeping = false;
            LockSupport.unpark(thread);
        }
    }

    /** Writes what was published before this call, then closes the targets. Waits for that, but not for ever. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /** The same. @param timeout after which nobody is believed to read what is being written */
    void close(Duration timeout) {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (thread.isAlive() && !thread.join(timeout)) {
                LOG.error("the last records are lost: they could not be written within {} ms", timeout.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int emptyLooks = 0;
        while (!closed) {
            if (reopenAsked) {
                reopenAsked = false;
                open.forEach(LogSink::reopen);
            }
            closeUnused();
            emptyLooks = drain() ? 0 : emptyLooks + 1;
            if (emptyLooks <= PATIENCE) {
                LockSupport.parkNanos(PAUSE_NS);
            } else {
                sleep();
            }
        }
        drain();
        open.forEach(LogSink::close);
    }

    /** Together with {@link #ring}, so that no ring is added to a target that is just being closed. */
    private synchronized void closeUnused() {
        boolean any = sinks.values().removeIf(sink -> {
            boolean unused = sink.isUnused();
            if (unused) {
                sink.close();
            }
            return unused;
        });
        if (any) {
            open = List.copyOf(sinks.values());
        }
    }

    private void sleep() {
        sleeping = true;
        // A record published before the line above was visible has woken no one.
        if (!drain() && !closed && !reopenAsked) {
            if (open.stream().anyMatch(LogSink::isFailing)) {
                LockSupport.parkNanos(this, RETRY_NS);
            } else {
                LockSupport.park(this);
            }
        }
        sleeping = false;
    }

    private boolean drain() {
        boolean any = false;
        for (LogSink<?> sink : open) {
            any |= sink.drain();
        }
        return any;
    }
}
