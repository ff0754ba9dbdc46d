package io.sluice.core.stats;

import java.util.List;

/** Sums up workers' counters; never stops a worker. Safe from any thread. */
public final class StatsReader {

    private final List<WorkerStats> workers;

    public StatsReader(List<WorkerStats> workers) {
        this.workers = List.copyOf(workers);
    }

    public long sum(Counter counter) {
        long sum = 0;
        for (WorkerStats worker : workers) {
            sum += worker.get(counter);
        }
        return sum;
    }

    /** All counters that are not zero, as {@code name=value} with spaces between; for a log line. */
    public String summary() {
        StringBuilder summary = new StringBuilder();
        for (Counter counter : Counter.values()) {
            long value = sum(counter);
            if (value != 0) {
                summary.append(summary.isEmpty() ? "" : " ").append(counter.label()).append('=').append(value);
            }
        }
        return summary.toString();
    }
}
