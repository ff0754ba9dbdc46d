package io.sluice.launcher.observe;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sluice.core.stats.Distribution;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Metric families in the making, for one page. Owned by one thread. */
final class Families {

    private final List<Supplier<MetricSnapshot>> made = new ArrayList<>();

    void add(MetricSnapshot snapshot) {
        made.add(() -> snapshot);
    }

    /** A number that grows only. @param name without {@code _total} */
    Numbers counter(String name, String help) {
        MetricMetadata metadata = new MetricMetadata(name, help);
        List<CounterDataPointSnapshot> points = new ArrayList<>();
        made.add(() -> new CounterSnapshot(metadata, points));
        return (value, labels) -> points.add(new CounterDataPointSnapshot(value, labels, null, 0));
    }

    /** A number that goes up and down. */
    Numbers gauge(String name, String help) {
        MetricMetadata metadata = new MetricMetadata(name, help);
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        made.add(() -> new GaugeSnapshot(metadata, points));
        return (value, labels) -> points.add(new GaugeDataPointSnapshot(value, labels, null));
    }

    /** Times in seconds. What has never been timed is left out. @param boundsUs of its buckets, in microseconds */
    Times histogram(String name, String help, long... boundsUs) {
        MetricMetadata metadata = new MetricMetadata(name, help);
        long[] boundsNs = LongStream.of(boundsUs).map(us -> us * 1000).toArray();
        double[] bounds = new double[boundsUs.length + 1];
        for (int i = 0; i < boundsUs.length; i++) {
            bounds[i] = boundsUs[i] / 1e6;
        }
        bounds[boundsUs.length] = Double.POSITIVE_INFINITY;
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        made.add(() -> new HistogramSnapshot(metadata, points));
        return (times, labels) -> {
            if (times.count() > 0) {
                points.add(new HistogramDataPointSnapshot(
                        ClassicHistogramBuckets.of(bounds, counts(times, boundsNs)), times.sumNs() / 1e9, labels,
                        Exemplars.EMPTY, 0));
            }
        };
    }

    /** How many times are in each bucket alone, the last one without a bound. */
    private static long[] counts(Distribution times, long[] boundsNs) {
        long[] upTo = times.countsUpTo(boundsNs);
        long[] counts = new long[upTo.length + 1];
        long before = 0;
        for (int i = 0; i < upTo.length; i++) {
            counts[i] = upTo[i] - before;
            before = upTo[i];
        }
        counts[upTo.length] = times.count() - before;
        return counts;
    }

    MetricSnapshots snapshots() {
        return new MetricSnapshots(made.stream().map(Supplier::get).toList());
    }

    /** Takes the numbers of a family. */
    @FunctionalInterface
    interface Numbers {
        void add(double value, Labels labels);
    }

    /** Takes the times of a family. */
    @FunctionalInterface
    interface Times {
        void add(Distribution times, Labels labels);
    }
}
