package io.sluice.launcher.observe;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sluice.config.SluiceConfig;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.tls.CertificateExpiry;
import io.sluice.core.worker.Worker;
import io.sluice.launcher.observe.Families.Numbers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * All that is counted and timed, as a page for Prometheus. It is put together when it is asked for, but not so often
 * that it would take more than one percent of a core's time: so it does not matter how many ask, and how often. A page
 * is thus up to a second old, and with thousands of servers up to ten. Safe from any thread.
 */
public final class PrometheusMetrics {

    private static final long LEAST_LIFE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_LIFE_NS = TimeUnit.SECONDS.toNanos(10);
    /** A page lives that much longer than it took to make. */
    private static final int LIFE = 100;

    private final Observer observer;
    private final LongSupplier nanoClock;
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Distributions distributions = new Distributions();
    private final Map<Wish, Page> pages = new HashMap<>();
    private long madeNs;
    private long tookNs;

    /** A page as it is sent; the array is not to be changed. @param isGzip whether it is compressed */
    public record Page(String contentType, boolean isGzip, byte[] body) { }

    private record Wish(ExpositionFormatWriter writer, boolean gzip) { }

    /** @param nanoClock as {@link System#nanoTime} */
    public PrometheusMetrics(Observer observer, LongSupplier nanoClock) {
        this.observer = observer;
        this.nanoClock = nanoClock;
    }

    /**
     * The page as it stands now, or a moment ago.
     *
     * @param accept what the client would like, by the header of that name; may be null
     * @param gzip   whether it would like it compressed
     */
    public synchronized Page page(String accept, boolean gzip) {
        long nowNs = nanoClock.getAsLong();
        if (nowNs - madeNs > Math.clamp(LIFE * tookNs, LEAST_LIFE_NS, MOST_LIFE_NS)) {
            pages.clear();
            tookNs = 0;
        }
        if (pages.isEmpty()) {
            madeNs = nowNs;
        }
        Wish wish = new Wish(writer(accept), gzip);
        Page page = pages.get(wish);
        if (page == null) {
            page = write(wish);
            pages.put(wish, page);
            tookNs += nanoClock.getAsLong() - nowNs;
        }
        return page;
    }

    private ExpositionFormatWriter writer(String accept) {
        ExpositionFormatWriter openMetrics = formats.getOpenMetricsTextFormatWriter();
        return openMetrics.accepts(accept) ? openMetrics : formats.getPrometheusTextFormatWriter();
    }

    private Page write(Wish wish) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (OutputStream out = wish.gzip ? new FastGzip(body) : body) {
            wish.writer.write(out, snapshots());
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes all", e);
        }
        return new Page(wish.writer.getContentType(), wish.gzip, body.toByteArray());
    }

    /** The page repeats itself so much that the least effort makes it small. */
    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out, 16 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    MetricSnapshots snapshots() {
        Scene scene = observer.scene();
        Families families = new Families();
        families.add(InfoSnapshot.builder().name("sluice_build").help("Which Sluice this is.")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of("java", Runtime.version().toString(), "version", observer.version())).build())
                .build());
        addWhole(families, scene);
        addWorkers(families, scene);
        addCertificates(families, scene);
        TrafficMetrics traffic = new TrafficMetrics(families, distributions);
        scene.listeners().forEach(traffic::add);
        PoolMetrics pools = new PoolMetrics(families, distributions);
        scene.pools().forEach(pools::add);
        new ProcessMetrics(families).add();
        return families.snapshots();
    }

    private static void addWhole(Families families, Scene scene) {
        families.gauge("sluice_draining", "Whether Sluice accepts no more connections, as it is about to end.")
                .add(scene.isDraining() ? 1 : 0, Labels.EMPTY);
        families.gauge("sluice_generation", "Number of the configuration in force: one more with each reload.")
                .add(scene.generation().number(), Labels.EMPTY);
        families.gauge("sluice_generation_timestamp_seconds",
                        "Since when the configuration is in force, in seconds since 1970.")
                .add(scene.generation().at().toEpochMilli() / 1e3, Labels.EMPTY);
        families.gauge("sluice_connections", "Client connections at the moment.")
                .add(scene.processLimit().taken(), Labels.EMPTY);
        Numbers limit = families.gauge("sluice_connections_limit",
                "Client connections at which nothing is accepted any more; absent if there is no limit.");
        if (scene.processLimit().most() != SluiceConfig.UNLIMITED) {
            limit.add(scene.processLimit().most(), Labels.EMPTY);
        }
        StatsReader counters = new StatsReader(scene.workers().stream().map(Worker::stats).toList());
        for (Counter counter : Counter.values()) {
            families.counter("sluice_" + counter.label().replace('-', '_'), "All workers' " + counter.label() + ".")
                    .add(counters.sum(counter), Labels.EMPTY);
        }
    }

    private static void addWorkers(Families families, Scene scene) {
        Numbers connections = families.gauge("sluice_worker_connections", "Client connections of the worker.");
        Numbers cpu = families.counter("sluice_worker_cpu_seconds", "Processor time that the worker's thread took.");
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (Worker worker : scene.workers()) {
            Labels labels = Labels.of("worker", worker.name());
            connections.add(worker.connections(), labels);
            if (threads.isThreadCpuTimeSupported()) {
                cpu.add(Math.max(0, threads.getThreadCpuTime(worker.thread().threadId())) / 1e9, labels);
            }
        }
    }

    /** Of those that have the same labels, such as one of RSA and one of EC, only the first to expire. */
    private static void addCertificates(Families families, Scene scene) {
        Map<Labels, Instant> first = new HashMap<>();
        Map<Labels, Boolean> outlived = new HashMap<>();
        for (CertificateExpiry expiry : scene.certificates()) {
            first.merge(Labels.of("owner", expiry.owner(), "subject", expiry.subject()), expiry.notAfter(),
                    (one, other) -> one.isBefore(other) ? one : other);
            outlived.merge(Labels.of("owner", expiry.owner()), expiry.outlived(), Boolean::logicalOr);
        }
        Numbers ends = families.gauge("sluice_certificate_expiry_timestamp_seconds",
                "When the first certificate with this subject expires, in seconds since 1970.");
        first.forEach((labels, at) -> ends.add(at.getEpochSecond(), labels));
        Numbers refused = families.gauge("sluice_certificate_files_refused",
                "Whether files have changed to what cannot be used, so that the certificates before are still shown.");
        outlived.forEach((labels, is) -> refused.add(is ? 1 : 0, labels));
    }
}
