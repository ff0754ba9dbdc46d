package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Traffic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Metrics as they are written. */
class FamiliesTest {

    private final Families families = new Families();
    private final PerWorker<Traffic> traffic = new PerWorker<>(Traffic::new);

    @Test
    void writesWhatPrometheusReads() throws IOException {
        addSome();
        assertEquals("""
                # HELP build_info Which one.
                # TYPE build_info gauge
                build_info{version="1"} 1
                # HELP hits_total Hits.
                # TYPE hits_total counter
                hits_total{of="a",by="b"} 3
                hits_total{of="a",by="c"} 4
                # HELP temperature How warm it is.
                # TYPE temperature gauge
                temperature -1.5
                """, page(PageFormat.PROMETHEUS));
    }

    @Test
    void writesOpenMetrics() throws IOException {
        addSome();
        assertEquals("""
                # TYPE build info
                # HELP build Which one.
                build_info{version="1"} 1
                # TYPE hits counter
                # HELP hits Hits.
                hits_total{of="a",by="b"} 3
                hits_total{of="a",by="c"} 4
                # TYPE temperature gauge
                # HELP temperature How warm it is.
                temperature -1.5
                # EOF
                """, page(PageFormat.OPEN_METRICS));
    }

    private void addSome() {
        families.gauge("temperature", "How warm it is.").add(-1.5, Labels.NONE);
        families.gauge("absent", "Nothing is known of it.");
        Numbers hits = families.counter("hits", "Hits.");
        hits.add(3, Labels.of("of", "a").and("by", "b"));
        hits.add(4, Labels.of("of", "a").and("by", "c"));
        families.info("build", "Which one.").add(1, Labels.of("version", "1"));
    }

    @Test
    void writesHistograms() throws IOException {
        record(0, 1_000_000);
        record(1, 3_000_000);
        record(1, 70_000_000_005L);
        families.histogram("took_seconds", "Time.", 2000, 4000, 1_000_000).add(traffic, Latency.TOTAL,
                Labels.of("of", "a"));
        assertEquals("""
                # HELP took_seconds Time.
                # TYPE took_seconds histogram
                took_seconds_bucket{of="a",le="0.002"} 1
                took_seconds_bucket{of="a",le="0.004"} 2
                took_seconds_bucket{of="a",le="1.0"} 2
                took_seconds_bucket{of="a",le="+Inf"} 3
                took_seconds_count{of="a"} 3
                took_seconds_sum{of="a"} 70.004000005
                """, page(PageFormat.PROMETHEUS));
    }

    @Test
    void leavesOutWhatHasNeverBeenTimed() throws IOException {
        record(0, 1_000_000);
        families.histogram("took_seconds", "Time.", 2000).add(traffic, Latency.QUEUE, Labels.of("of", "a"));
        assertEquals("", page(PageFormat.PROMETHEUS));
    }

    @Test
    void writesNumbersExactly() {
        Numbers numbers = families.gauge("n", "Numbers.");
        for (double number : new double[] {0, 9, 10, 999_999_999_999L, 1L << 53, 0.25, 1e-7, -3, 1e300}) {
            numbers.add(number, Labels.NONE);
        }
        assertEquals("n 0,n 9,n 10,n 999999999999,n 9007199254740992,n 0.25,n 1.0E-7,n -3.0,n 1.0E300,",
                numbers.series().toString().replace('\n', ','));
    }

    @Test
    void quotesLabels() {
        Numbers numbers = families.gauge("n", "Numbers.");
        numbers.add(1, Labels.of("a", "back\\slash \"quoted\"\nline").and("b", "\u00fc"));
        assertEquals("n{a=\"back\\\\slash \\\"quoted\\\"\\nline\",b=\"\u00fc\"} 1\n", numbers.series().toString());
    }

    @Test
    void startsEachPageWithoutSeries() throws IOException {
        addSome();
        families.clear();
        families.counter("hits", "Hits.").add(5, Labels.NONE);
        assertEquals("# HELP hits_total Hits.\n# TYPE hits_total counter\nhits_total 5\n",
                page(PageFormat.PROMETHEUS));
    }

    @Test
    void usesTheMemoryOfThePageBefore() {
        record(0, 1_000_000);
        Labels labels = Labels.of("of", "a");
        addMany(labels);
        families.clear();
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        addMany(labels);

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1_000_000, allocated + " bytes for a page of about 4 MB");
    }

    private void addMany(Labels labels) {
        Numbers numbers = families.gauge("n", "Numbers.");
        Times times = families.histogram("took_seconds", "Time.", 1000, 2000, 3000, 4000);
        for (int i = 0; i < 10_000; i++) {
            numbers.add(i, labels);
            times.add(traffic, Latency.TOTAL, labels);
        }
    }

    private void record(int worker, long ns) {
        traffic.of(worker).record(Latency.TOTAL, ns);
    }

    private String page(PageFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        families.writeTo(out, format);
        return out.toString(StandardCharsets.UTF_8);
    }
}
