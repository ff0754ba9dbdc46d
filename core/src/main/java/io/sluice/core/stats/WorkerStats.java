package io.sluice.core.stats;

/** One worker's counters over all listeners, pools and servers. Written by its event loop alone; read by any thread. */
public final class WorkerStats extends Tally<Counter> {

    public WorkerStats() {
        super(Counter.class);
    }
}
