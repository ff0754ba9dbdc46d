package io.sluice.launcher.observe;

import io.sluice.core.stats.Buckets;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/** A metric of times in seconds; each series is a classic histogram. Owned by one thread. */
final class Times extends Family {

    private final Buckets buckets;
    private final byte[] bucketStart;
    private final byte[] countStart;
    private final byte[] sumStart;
    /** For each bucket, the text from behind the other labels up to the number. */
    private final byte[][] bounds;

    /** @param boundsUs the bounds of the buckets, in microseconds, ascending */
    Times(String name, String help, long... boundsUs) {
        super(name, help, Kind.HISTOGRAM);
        buckets = new Buckets(LongStream.of(boundsUs).map(us -> us * 1000).toArray());
        bucketStart = ascii(name + "_bucket{");
        countStart = ascii(name + "_count{");
        sumStart = ascii(name + "_sum{");
        bounds = new byte[boundsUs.length + 1][];
        for (int i = 0; i < boundsUs.length; i++) {
            bounds[i] = ascii(",le=\"" + boundsUs[i] / 1e6 + "\"} ");
        }
        bounds[boundsUs.length] = ascii(",le=\"+Inf\"} ");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Adds a series, unless nothing has been timed yet. @param labels at least one */
    void add(PerWorker<Traffic> traffic, Latency latency, Labels labels) {
        buckets.read(traffic, latency);
        if (buckets.count() == 0) {
            return;
        }
        long upTo = 0;
        for (int i = 0; i < bounds.length; i++) {
            upTo += buckets.count(i);
            series().append(bucketStart).append(labels.bytes()).append(bounds[i]).append(upTo).append('\n');
        }
        series().append(countStart).append(labels.bytes()).append('}').append(' ').append(upTo).append('\n');
        series().append(sumStart).append(labels.bytes()).append('}').append(' ').appendSeconds(buckets.sumNs())
                .append('\n');
    }
}
