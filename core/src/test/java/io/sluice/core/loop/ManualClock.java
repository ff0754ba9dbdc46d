package io.sluice.core.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that only tests move. It starts where a long is about to overflow, as {@link System#nanoTime} may.
 * Safe from any thread.
 */
public final class ManualClock implements LongSupplier {

    private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(1));

    @Override
    public long getAsLong() {
        return nowNs.get();
    }

    public void advance(Duration by) {
        nowNs.addAndGet(by.toNanos());
    }
}
