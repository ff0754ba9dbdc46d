package io.sluice.launcher.overload;

import io.sluice.config.OverloadConfig;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;

/**
 * The JVM's heap: what full collections leave in it, against its largest size. What is in use between collections says
 * nothing, as most of that is garbage. Used by one thread.
 */
public final class HeapGauge implements Gauge {

    /** A full collection stops everything for some tens of milliseconds. */
    private static final long COLLECTION_INTERVAL_NS = Duration.ofSeconds(10).toNanos();

    private long lastCollectionNs = System.nanoTime() - COLLECTION_INTERVAL_NS;

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public double share() {
        long left = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage afterCollection = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            left += afterCollection == null ? 0 : afterCollection.getUsed();
        }
        return (double) left / Runtime.getRuntime().maxMemory();
    }

    @Override
    public int limitPercent(OverloadConfig config) {
        return config.heap();
    }

    /** Nothing else tells that what was given up has left the heap. */
    @Override
    public void refresh() {
        long nowNs = System.nanoTime();
        if (nowNs - lastCollectionNs >= COLLECTION_INTERVAL_NS) {
            System.gc();
            lastCollectionNs = System.nanoTime();
        }
    }
}
