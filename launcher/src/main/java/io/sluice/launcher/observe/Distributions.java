package io.sluice.launcher.observe;

import io.sluice.core.stats.Distribution;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;
import java.util.EnumMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The distributions that were read last, so that those in which nothing has changed need not be read again. Owned by
 * one thread.
 */
final class Distributions {

    /** Forgets what no one else knows any more. */
    private final Map<PerWorker<Traffic>, Map<Latency, Distribution>> known = new WeakHashMap<>();

    Distribution of(PerWorker<Traffic> traffic, Latency latency) {
        Map<Latency, Distribution> byLatency = known.computeIfAbsent(traffic, _ -> new EnumMap<>(Latency.class));
        Distribution read = Distribution.of(traffic, latency, byLatency.getOrDefault(latency, Distribution.NOTHING));
        byLatency.put(latency, read);
        return read;
    }
}
