package io.sluice.core.stats;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts events by name; there are few names. Written by one event loop alone, without atomic operations, and without
 * allocation after a name's first event; read by any thread.
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

    /** Adds the present counts to {@code sums}. Safe from any thread. */
    public void addTo(Map<String, Long> sums) {
        counts.forEach((reason, count) -> sums.merge(reason, count.getOpaque(), Long::sum));
    }
}
