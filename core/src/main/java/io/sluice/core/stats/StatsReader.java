package io.sluice.core.stats;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** All counters that are not zero, by name. */
    public Map<String, Long> nonZero() {
        Map<String, Long> sums = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            long sum = sum(counter);
            if (sum != 0) {
                sums.put(counter.label(), sum);
            }
        }
        return sums;
    }

    /** The same as {@code name=value} with spaces between; for a log line. */
    public String summary() {
        return nonZero().entrySet().stream().map(Object::toString).collect(Collectors.joining(" "));
    }
}
