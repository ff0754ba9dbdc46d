package io.sluice.core.loop;

import io.sluice.config.BusyPollConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** An event loop that the test's own thread turns, on a manual clock; turning never sleeps. */
public final class HandDriven implements AutoCloseable {

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final ManualClock clock = new ManualClock();
    private final EventLoop loop;
    private final Timer neverSleep = new Timer(nowNs -> { });

    public HandDriven() {
        this(false);
    }

    /** @param keepsKernelTime has times that the kernel tells count, although the clock is moved by hand */
    public HandDriven(boolean keepsKernelTime) {
        loop = new EventLoop(BusyPollConfig.OFF, clock, keepsKernelTime);
    }

    public EventLoop loop() {
        return loop;
    }

    public ManualClock clock() {
        return clock;
    }

    /** One cycle, with whatever is ready at once. */
    public void turn() {
        loop.timers().schedule(neverSleep, clock.getAsLong());
        try {
            loop.runOnce();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Some cycles, so that whatever the loop would do by now has been done: for what must not happen. */
    public void turnForAWhile() {
        for (int i = 0; i < 20; i++) {
            turn();
        }
    }

    /** Cycles until the condition holds. */
    public void turnUntil(BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new AssertionError("the loop was turned for a long time, in vain");
            }
            turn();
            LockSupport.parkNanos(10_000);
        }
    }

    /** Lets time pass and the timers that are then due expire. */
    public void pass(Duration time) {
        clock.advance(time);
        turn();
    }

    @Override
    public void close() {
        loop.stop();
        loop.run();
    }
}
