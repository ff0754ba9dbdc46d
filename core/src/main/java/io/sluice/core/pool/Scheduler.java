package io.sluice.core.pool;

/** The control plane's timer. Safe from any thread; work runs on control-plane threads. */
@FunctionalInterface
public interface Scheduler {

    /** Has {@code work} run once, after {@code delayNs}. */
    void schedule(Runnable work, long delayNs);
}
