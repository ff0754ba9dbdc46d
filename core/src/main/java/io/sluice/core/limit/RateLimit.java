package io.sluice.core.limit;

import io.sluice.config.RateLimitConfig;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Limits how often each of many keys may come, over all workers together: {@code burst} times at once, then at the
 * rate. This is the token bucket, kept as the generic cell rate algorithm keeps it: for each key, the time at which its
 * bucket will be full again. Whoever comes moves that time on by an interval, unless it would then be more than
 * {@code burst} intervals ahead. A key whose time is over is as good as new, and its entry is free for others.
 *
 * <p>An entry is one word, so that one compare-and-set changes it: a tag, which is part of the key's hash, and the time
 * in ticks. It may be in any place of the key's set. A key without an entry takes the oldest of its set, if that one's
 * time is over; otherwise the table has no room, and the key passes uncounted. Times of an entry only grow, and which
 * entry is the oldest depends on no clock. So workers that bring the same key at once compete for the same entry, and
 * no key ever has two.
 *
 * <p>Two keys share an entry if their sets and tags are equal: in a full table, one key in a million finds such
 * another. Times repeat after 2^29 intervals or more; an entry that nobody has touched for as long is taken for a young
 * one for as long as {@link #farthestTicks}, then is free again.
 *
 * <p>Safe from any thread; takes no lock and allocates nothing.
 */
public final class RateLimit {

    /** The key may come. Otherwise, positive values are the nanoseconds until it may. */
    public static final long PASSES = 0;
    /** The key may come and was not counted, since the table has no room. */
    public static final long PASSES_UNCOUNTED = -1;

    private static final int SET_BITS = 13;
    /** The entries of a set, on two cache lines. */
    private static final int WAYS = 16;
    /** The bits of an entry below its tag. */
    private static final int TIME_BITS = 40;
    private static final long TIME_MASK = (1L << TIME_BITS) - 1;
    private static final long FREE = 0;
    /** An interval has at least this many bits in ticks, unless a tick is a nanosecond. */
    private static final int INTERVAL_BITS = 11;
    /** How far one worker's clock may be behind another's. */
    private static final long CLOCK_LAG_NS = TimeUnit.SECONDS.toNanos(10);

    private final RateLimitConfig config;
    private final KeyedHash hash = KeyedHash.random();
    private final AtomicLongArray entries = new AtomicLongArray(WAYS << SET_BITS);
    /** A tick is this power of two of nanoseconds. */
    private final int tickShift;
    private final long intervalTicks;
    private final long burstTicks;
    /** An entry whose time is this far ahead, or farther, is from long ago. */
    private final long farthestTicks;

    public RateLimit(RateLimitConfig config) {
        this.config = config;
        long intervalNs = config.rate().intervalNs();
        tickShift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(intervalNs) - INTERVAL_BITS);
        intervalTicks = Math.round(Math.scalb((double) intervalNs, -tickShift));
        burstTicks = config.burst() * intervalTicks;
        farthestTicks = burstTicks + (CLOCK_LAG_NS >> tickShift) + 1;
    }

    public RateLimitConfig config() {
        return config;
    }

    /**
     * A client comes.
     *
     * @param address of 4 or 16 bytes, of which those count that {@link ClientNetwork} tells clients apart by
     * @return {@link #PASSES}, {@link #PASSES_UNCOUNTED}, or how long it would have to wait
     */
    public long takeClient(byte[] address, long nowNs) {
        return take(address, 0, ClientNetwork.lengthBytes(address), nowNs);
    }

    /** Somebody with the key between these positions comes. @return as {@link #takeClient} */
    public long take(byte[] bytes, int from, int to, long nowNs) {
        return take(hash.of(bytes, from, to), nowNs);
    }

    /** @param key its hash, of which all bits are as good as random */
    long take(long key, long nowNs) {
        long now = nowNs >> tickShift;
        long tag = key << TIME_BITS;
        int first = (int) (key >>> Long.SIZE - SET_BITS) * WAYS;
        for (;;) {
            int place = first;
            long entry = entries.get(first);
            for (int next = first + 1; next < first + WAYS && !hasTag(entry, tag); next++) {
                long other = entries.get(next);
                if (hasTag(other, tag) || age(other, now) > age(entry, now)) {
                    place = next;
                    entry = other;
                }
            }
            long aheadTicks = Math.max(0, farthestTicks - age(entry, now));
            if (aheadTicks > 0 && !hasTag(entry, tag)) {
                return PASSES_UNCOUNTED;
            }
            long nextTicks = aheadTicks + intervalTicks;
            if (nextTicks > burstTicks) {
                return (nextTicks - burstTicks + now << tickShift) - nowNs;
            }
            if (entries.compareAndSet(place, entry, tag | now + nextTicks & TIME_MASK)) {
                return PASSES;
            }
        }
    }

    private static boolean hasTag(long entry, long tag) {
        return (entry ^ tag) >>> TIME_BITS == 0;
    }

    /** How long ago the entry's time was farthest ahead. */
    private long age(long entry, long now) {
        return entry == FREE ? TIME_MASK : now + farthestTicks - entry & TIME_MASK;
    }
}
