package io.sluice.launcher;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Collects the old generation before its garbage takes up much memory. What a connection has made ends up there if it
 * lives for seconds, and the serial collector lets the heap grow up to its maximum, a quarter of the host's memory,
 * before it looks. Owned by the main thread.
 */
final class HeapTrim {

    /**
     * Or as much as is left, if that is more. More would be memory that nothing uses; less, more frequent pauses. A
     * collection stops all threads for a time that depends on what is left, not on the garbage: tens of milliseconds.
     */
    static final long MOST_GARBAGE_BYTES = 256L * 1024 * 1024;

    private static final String SERIAL_OLD_GENERATION = "Tenured Gen";

    private final LongSupplier usedBytes;
    private final LongSupplier leftBytes;
    private final Runnable collect;

    /**
     * @param usedBytes of the old generation, garbage included
     * @param leftBytes of it after the last full collection
     * @param collect   makes a full collection
     */
    HeapTrim(LongSupplier usedBytes, LongSupplier leftBytes, Runnable collect) {
        this.usedBytes = usedBytes;
        this.leftBytes = leftBytes;
        this.collect = collect;
    }

    /** For this JVM; empty if it has another collector than the serial one, which is what ./sluice chooses. */
    static Optional<HeapTrim> ofThisJvm() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(SERIAL_OLD_GENERATION)).findAny().map(HeapTrim::of);
    }

    private static HeapTrim of(MemoryPoolMXBean pool) {
        return new HeapTrim(() -> pool.getUsage().getUsed(), () -> pool.getCollectionUsage().getUsed(), System::gc);
    }

    /**
     * Called every few seconds. Collects if more has come since the last full collection than was left by it, and more
     * than {@link #MOST_GARBAGE_BYTES}.
     */
    void look() {
        long left = leftBytes.getAsLong();
        if (usedBytes.getAsLong() - left > Math.max(MOST_GARBAGE_BYTES, left)) {
            collect.run();
        }
    }
}
