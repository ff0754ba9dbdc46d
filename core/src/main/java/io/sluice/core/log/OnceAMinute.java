package io.sluice.core.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Says when something that keeps happening is to be logged: at most once a minute. Safe from any thread. */
public final class OnceAMinute {

    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong toldNs = new AtomicLong(System.nanoTime() - MINUTE_NS);

    /** Whether it is due, to one caller only; it is not again for a minute then. */
    public boolean isDue(long nowNs) {
        long lastNs = toldNs.get();
        return nowNs - lastNs >= MINUTE_NS && toldNs.compareAndSet(lastNs, nowNs);
    }
}
