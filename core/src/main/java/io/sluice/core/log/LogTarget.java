package io.sluice.core.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
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
 * One target of records, standard output or a file that is appended to, with the rings that feed it. While the target
 * takes nothing, as on a full disk, records wait in their rings; workers count those that find no room. Rings are added
 * by the control plane; the rest belongs to the thread of its {@link LogLoop}.
 *
 * @param <R> type of record
 */
final class LogTarget<R extends LogRecord> {

    /** Records of one worker on their way: some 40 ms at 100,000 records a second. */
    private static final int RING_CAPACITY = 4096;
    private static final int MOST_PENDING_BYTES = 64 * 1024;

    /**
     * Lock of standard output, which several targets may share: a pipe takes long writes in parts, which must not mix.
     */
    private static final Object STANDARD_OUTPUT = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(LogTarget.class);

    private final Optional<Path> file;
    private final RecordFormat<R> format;
    private final Supplier<R> newRecord;
    private final LogLoop loop;
    private final List<LogRing<R>> rings = new CopyOnWriteArrayList<>();
    private final PendingLines lines = new PendingLines();
    private WritableByteChannel channel;
    private boolean failing;

    /** Opens the target. @throws IOException if the file cannot be opened for appending */
    LogTarget(Optional<Path> file, RecordFormat<R> format, Supplier<R> newRecord, LogWriter writer) throws IOException {
        this.file = file;
        this.format = format;
        this.newRecord = newRecord;
        loop = new LogLoop(this, writer);
        channel = open();
    }

    /** The loop that writes this target. Safe from any thread. */
    LogLoop loop() {
        return loop;
    }

    /** A ring for one more worker. */
    LogRing<R> addRing() {
        LogRing<R> ring = new LogRing<>(RING_CAPACITY, newRecord, loop::wake);
        rings.add(ring);
        return ring;
    }

    /** Whether all rings have been retired and written to the end. */
    boolean isUnused() {
        return rings.isEmpty();
    }

    /** Whether the target has failed to take the last lines. */
    boolean isFailing() {
        return failing;
    }

    /** Writes the published records; false if there are none, or if the target takes nothing. */
    boolean drain() {
        boolean any = false;
        try {
            flush();
            for (LogRing<R> ring : rings) {
                any |= drain(ring);
            }
            flush();
            onSuccess();
        } catch (IOException e) {
            onFailure(e);
        }
        return any;
    }

    private boolean drain(LogRing<R> ring) throws IOException {
        // Read first: a retired ring gets no more records.
        boolean isRetired = ring.isRetired();
        boolean any = isRetired;
        for (R record = ring.poll(); record != null; record = ring.poll()) {
            any = true;
            write(record, ring);
            if (lines.size() >= MOST_PENDING_BYTES) {
                flush();
            }
        }
        if (isRetired) {
            rings.remove(ring);
        }
        return any;
    }

    private void write(R record, LogRing<R> ring) throws IOException {
        try {
            format.write(record, lines);
        } finally {
            ring.release(record);
        }
    }

    private void flush() throws IOException {
        if (lines.size() > 0) {
            synchronized (file.isEmpty() ? STANDARD_OUTPUT : this) {
                lines.writeTo(channel);
            }
        }
    }

    /**
     * Opens the file again, after a log rotation has moved it away; keeps the old one if that fails. Lines that the old
     * file does not take, or not to their end, go to the new one, as the rotation may be due to a full disk.
     */
    void reopen() {
        if (file.isEmpty()) {
            return;
        }
        try {
            WritableByteChannel reopened = open();
            close();
            lines.restartLine();
            channel = reopened;
        } catch (IOException e) {
            LOG.error("log file {} could not be opened again, and its records still go where they went before: {}",
                    file.get(), FileFailure.reason(e));
        }
    }

    void close() {
        try {
            flush();
        } catch (IOException e) {
            onFailure(e);
        }
        if (file.isPresent()) {
            try {
                channel.close();
            } catch (IOException e) {
                onFailure(e);
            }
        }
    }

    /** Writes what has been published and closes the target. What it does not take is lost. */
    void end() {
        drain();
        close();
        if (failing) {
            LOG.error("the last records for {} are lost: they could not be written", name());
        }
    }

    private WritableByteChannel open() throws IOException {
        if (file.isEmpty()) {
            // Not System.out, which hides errors.
            return new FileOutputStream(FileDescriptor.out).getChannel();
        }
        return Files.exists(file.get()) && FileType.PIPE.isThatOf(file.get()) ? openPipe(file.get())
                : FileChannel.open(file.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /**
     * Opening a pipe for writing waits until somebody reads it, and the reload and the drain with it, so this one reads
     * for that moment. No longer: writing to a pipe that nobody reads has to fail, not to wait.
     */
    private static WritableByteChannel openPipe(Path pipe) throws IOException {
        try (FileChannel _ = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return FileChannel.open(pipe, StandardOpenOption.WRITE);
        }
    }

    /** Logs once until writing succeeds again: a full disk must not fill the operational log too. */
    private void onFailure(IOException e) {
        if (!failing) {
            failing = true;
            LOG.error("records for {} cannot be written, and will soon be lost: {}", name(), FileFailure.reason(e));
        }
    }

    private void onSuccess() {
        if (failing) {
            failing = false;
            LOG.info("records for {} are written again", name());
        }
    }

    /** For the log. Safe from any thread. */
    String name() {
        return file.map(Path::toString).orElse("standard output");
    }
}
