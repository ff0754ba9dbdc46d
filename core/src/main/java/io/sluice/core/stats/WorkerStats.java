package io.sluice.core.stats;

/** What one worker counts, whatever the listener, pool or server. Written by its event loop alone; read by anyone. */
public final class WorkerStats extends Tally<Counter> {

    public WorkerStats() {
        super(Counter.class);
    }
}
