package io.sluice.launcher.overload;

import io.sluice.config.OverloadConfig;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.List;

/**
 * The JVM's heap: what is left after full collections, as a share of the maximum size. Usage between collections says
 * nothing, since most of it is garbage. Used by one thread.
 */
public final class HeapGauge implements Gauge {

    /** Not more often, since a full collection stops all threads for some tens of milliseconds. */
    private static final long COLLECTION_INTERVAL_NS = Duration.ofSeconds(10).toNanos();

    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null).toList();
    private long lastCollectionNs = System.nanoTime() - COLLECTION_INTERVAL_NS;

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public double share() {
        long left = 0;
        for (MemoryPoolMXBean pool : pools) {
            left += pool.getCollectionUsage().getUsed();
        }
        return (double) left / Runtime.getRuntime().maxMemory();
    }

    @Override
    public int limitPercent(OverloadConfig config) {
        return config.heap();
    }

    /** Collects garbage: without a full collection, the gauge does not learn that memory has been freed. */
    @Override
    public void refresh() {
        long nowNs = System.nanoTime();
        if (nowNs - lastCollectionNs >= COLLECTION_INTERVAL_NS) {
            System.gc();
            lastCollectionNs = System.nanoTime();
        }
    }
}
