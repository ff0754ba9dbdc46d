package io.sluice.bench.load;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The counters of all threads together, for measured requests. Immutable.
 *
 * @param answered    good answers
 * @param failures    failures by kind; kinds that did not occur are absent
 * @param statuses    final responses by status
 * @param bytes       bytes received; in bulk, of both directions
 * @param connections connections opened, also in the warm-up
 * @param unsent      requests of an open loop that were not sent by the end, since all connections waited for answers
 * @param unfinished  requests under way when the run was stopped
 */
public record Totals(long answered, Map<Failure, Long> failures, SortedMap<Integer, Long> statuses, long bytes,
                     long connections, long unsent, long unfinished) {

    static final Totals NONE = new Totals(0, Map.of(), new TreeMap<>(), 0, 0, 0, 0);

    /** Requests that were sent but got no good answer. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    static Totals of(List<Tally> tallies) {
        Map<Failure, Long> failures = new EnumMap<>(Failure.class);
        for (Failure failure : Failure.values()) {
            putIfAny(failures, failure, sum(tallies, tally -> tally.get(failure)));
        }
        SortedMap<Integer, Long> statuses = new TreeMap<>();
        for (int i = Conversation.NO_STATUS + 1; i < Tally.STATUSES; i++) {
            int status = i;
            putIfAny(statuses, status, sum(tallies, tally -> tally.getStatus(status)));
        }
        return new Totals(sum(tallies, Tally.Count.ANSWERED), failures, statuses, sum(tallies, Tally.Count.BYTES),
                sum(tallies, Tally.Count.CONNECTIONS), sum(tallies, Tally.Count.UNSENT),
                sum(tallies, Tally.Count.UNFINISHED));
    }

    private static <K> void putIfAny(Map<K, Long> counts, K key, long count) {
        if (count > 0) {
            counts.put(key, count);
        }
    }

    private static long sum(List<Tally> tallies, Tally.Count count) {
        return sum(tallies, tally -> tally.get(count));
    }

    private static long sum(List<Tally> tallies, ToLongFunction<Tally> value) {
        return tallies.stream().mapToLong(value).sum();
    }
}
