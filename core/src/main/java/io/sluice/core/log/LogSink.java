package io.sluice.core.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One target of records, standard output or a file that is appended to, and the rings whose records end there. Rings
 * are added by the control plane; the rest belongs to the writer's thread.
 *
 * @param <R> type of record
 */
final class LogSink<R> {

    /** Records of one worker on their way: some 40 ms at 100,000 records a second. */
    private static final int RING_CAPACITY = 4096;
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(LogSink.class);

    private final Optional<Path> file;
    private final RecordFormat<R> format;
    private final Supplier<R> newRecord;
    private final LogWriter writer;
    private final List<LogRing<R>> rings = new CopyOnWriteArrayList<>();
    private OutputStream out;
    private boolean failing;

    /** Opens the target. @throws IOException if the file cannot be opened for appending */
    LogSink(Optional<Path> file, RecordFormat<R> format, Supplier<R> newRecord, LogWriter writer) throws IOException {
        this.file = file;
        this.format = format;
        this.newRecord = newRecord;
        this.writer = writer;
        out = open();
    }

    /** A ring for one more worker. */
    LogRing<R> addRing() {
        LogRing<R> ring = new LogRing<>(RING_CAPACITY, newRecord, writer);
        rings.add(ring);
        return ring;
    }

    /** Whether all rings that there were have been retired, and written to the end. */
    boolean isUnused() {
        return rings.isEmpty();
    }

    /** Writes what has come; false if nothing has. */
    boolean drain() {
        boolean any = false;
        try {
            for (LogRing<R> ring : rings) {
                // Asked first: what it holds then is all that there will be.
                if (ring.isRetired()) {
                    rings.remove(ring);
                    any = true;
                }
                for (R record = ring.poll(); record != null; record = ring.poll()) {
                    any = true;
                    writeAndRelease(record, ring);
                }
            }
            if (any) {
                out.flush();
                failing = false;
            }
        } catch (IOException e) {
            report(e);
        }
        return any;
    }

    /** Opens the file anew, after a log rotation has moved it away. Keeps the old one if that fails. */
    void reopen() {
        if (file.isEmpty()) {
            return;
        }
        try {
            OutputStream reopened = open();
            out.close();
            out = reopened;
        } catch (IOException e) {
            LOG.error("log file {} could not be opened again: {}", file.get(), e.toString());
        }
    }

    void close() {
        try {
            if (file.isPresent()) {
                out.close();
            } else {
                out.flush();
            }
        } catch (IOException e) {
            report(e);
        }
    }

    private void writeAndRelease(R record, LogRing<R> ring) throws IOException {
        try {
            format.write(record, out);
        } finally {
            ring.release(record);
        }
    }

    private OutputStream open() throws IOException {
        OutputStream target = file.isPresent()
                ? Files.newOutputStream(file.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                : System.out;
        return new BufferedOutputStream(target, BUFFER_BYTES);
    }

    /** Once for each row of failures: a full disk must not fill the operational log too. */
    private void report(IOException e) {
        if (!failing) {
            failing = true;
            LOG.error("records for {} are being lost: {}", file.map(Path::toString).orElse("standard output"),
                    e.toString());
        }
    }
}
