package io.sluice.core.log;

import io.sluice.config.SessionLogConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The thread that writes records to their targets, so that no worker ever waits for a disk or a terminal. While records
 * keep coming it looks for them every few milliseconds, and publishing them costs workers no system call; once they
 * stop it sleeps until the next one.
 *
 * <p>Sinks are made before {@link #start}. {@link #reopen}, {@link #wake} and {@link #close} are safe from any thread.
 */
public final class LogWriter implements AutoCloseable {

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Empty looks before the writer sleeps for good. */
    private static final int PATIENCE = 20;

    private final Map<SessionLogConfig, LogSink<SessionRecord>> sessionSinks = new LinkedHashMap<>();
    private final List<LogSink<?>> sinks = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("log-writer").daemon().unstarted(this::run);
    private volatile boolean sleeping;
    private volatile boolean reopenAsked;
    private volatile boolean closed;

    /**
     * Where session records of this configuration go; equal configurations share one.
     *
     * @throws IOException if the file cannot be opened for appending
     */
    public LogSink<SessionRecord> sessionSink(SessionLogConfig config) throws IOException {
        LogSink<SessionRecord> sink = sessionSinks.get(config);
        if (sink == null) {
            RecordFormat<SessionRecord> format = switch (config.format()) {
                case TEXT -> new SessionTextFormat();
                case JSON -> new SessionJsonFormat();
            };
            sink = new LogSink<>(config.file(), format, SessionRecord::new, this);
            sessionSinks.put(config, sink);
            sinks.add(sink);
        }
        return sink;
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
        if (sleeping) {
            sleeping = false;
            LockSupport.unpark(thread);
        }
    }

    /** Writes what was published before this call, then closes the targets. Waits for that. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int emptyLooks = 0;
        while (!closed) {
            if (reopenAsked) {
                reopenAsked = false;
                sinks.forEach(LogSink::reopen);
            }
            emptyLooks = drain() ? 0 : emptyLooks + 1;
            if (emptyLooks <= PATIENCE) {
                LockSupport.parkNanos(PAUSE_NS);
            } else {
                sleep();
            }
        }
        drain();
        sinks.forEach(LogSink::close);
    }

    private void sleep() {
        sleeping = true;
        // A record published before the line above was visible has woken no one.
        if (!drain() && !closed && !reopenAsked) {
            LockSupport.park(this);
        }
        sleeping = false;
    }

    private boolean drain() {
        boolean any = false;
        for (LogSink<?> sink : sinks) {
            any |= sink.drain();
        }
        return any;
    }
}
