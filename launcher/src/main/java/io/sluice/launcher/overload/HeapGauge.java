package io.sluice.launcher.overload;

import io.sluice.config.OverloadConfig;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.List;

/**
 * The JVM's heap: what is left after full collections, as a share of the maximum size. Usage between collections says
 * nothing, since most of it is garbage; so the share is the same until the next one. Used by one thread.
 */
public final class HeapGauge implements Gauge {

    /** Not more often, since a full collection stops all threads for some tens of milliseconds. */
    private static final long COLLECTION_INTERVAL_NS = Duration.ofSeconds(10).toNanos();

    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null).toList();
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    /** How many collections there had been when the share was taken. */
    private long collections = -1;
    private double share;
    private long lastCollectionNs = System.nanoTime() - COLLECTION_INTERVAL_NS;

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public double share() {
        long now = 0;
        for (int i = 0; i < collectors.size(); i++) {
            now += collectors.get(i).getCollectionCount();
        }
        if (now != collections) {
            collections = now;
            share = (double) leftBytes() / Runtime.getRuntime().maxMemory();
        }
        return share;
    }

    private long leftBytes() {
        return pools.stream().mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
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
