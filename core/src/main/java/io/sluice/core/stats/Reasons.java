package io.sluice.core.stats;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often what happened, by names of which there are few. Written by one event loop alone, without an atomic step or
 * an allocation once a name has come up; read by anyone.
 */
public final class Reasons {

    private final ConcurrentHashMap<String, AtomicLong> counts = new ConcurrentHashMap<>();

    /** @param reason one of a fixed set */
    public void count(String reason) {
        AtomicLong count = counts.get(reason);
        if (count == null) {
            count = new AtomicLong();
            counts.put(reason, count);
        }
        count.setOpaque(count.getPlain() + 1);
    }

    /** Adds the counts of a moment ago to others. Safe from any thread. */
    public void addTo(Map<String, Long> sums) {
        counts.forEach((reason, count) -> sums.merge(reason, count.getOpaque(), Long::sum));
    }
}
