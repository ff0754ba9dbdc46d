package io.sluice.core.log;

import java.util.function.Supplier;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;

/**
 * A bounded set of records that circulate between one worker, which fills them, and the writer, which reads them. If
 * the writer falls behind there is none to claim: the worker drops its record and counts that, and never waits. A
 * record is made only when all others are in use, so that a ring has no more than its traffic ever needed.
 *
 * @param <R> type of record
 */
public final class LogRing<R extends LogRecord> {

    private final SpscVarHandleArrayQueue<R> free;
    private final SpscVarHandleArrayQueue<R> filled;
    private final int capacity;
    private final Supplier<R> newRecord;
    private final Runnable wakeWriter;
    /** Worker's thread only. */
    private int made;
    private volatile boolean retired;

    /** @param wakeWriter tells the writer that there is something to do */
    LogRing(int capacity, Supplier<R> newRecord, Runnable wakeWriter) {
        this.capacity = capacity;
        this.newRecord = newRecord;
        this.wakeWriter = wakeWriter;
        free = new SpscVarHandleArrayQueue<>(capacity);
        filled = new SpscVarHandleArrayQueue<>(capacity);
    }

    /** A record to fill and {@link #publish}, or null if all are in use. Worker's thread only. */
    public R claim() {
        R record = free.poll();
        return record == null && made < capacity ? make() : record;
    }

    private R make() {
        made++;
        return newRecord.get();
    }

    /** Passes a claimed and filled record on. Worker's thread only. */
    public void publish(R record) {
        filled.offer(record);
        wakeWriter.run();
    }

    /** No more records will be published; those that were are still written. Safe from any thread. */
    public void retire() {
        retired = true;
        wakeWriter.run();
    }

    boolean isRetired() {
        return retired;
    }

    /** The next record or null; {@link #release} it when written. Writer's thread only. */
    R poll() {
        return filled.poll();
    }

    /** Writer's thread only. */
    void release(R record) {
        record.forget();
        free.offer(record);
    }
}
