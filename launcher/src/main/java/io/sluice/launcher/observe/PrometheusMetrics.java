package io.sluice.launcher.observe;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sluice.config.SluiceConfig;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.worker.Worker;
import io.sluice.launcher.observe.Families.Numbers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * All that is counted and timed, as a page for Prometheus. It is put together when it is asked for, once a second at
 * most: so it does not matter how many ask, and how often. Safe from any thread.
 */
public final class PrometheusMetrics {

    private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(1);

    private final Observer observer;
    private final LongSupplier nanoClock;
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Distributions distributions = new Distributions();
    private final Map<ExpositionFormatWriter, Page> pages = new HashMap<>();
    private long madeNs;

    /** A page as it is sent; the array is not to be changed. */
    public record Page(String contentType, byte[] body) { }

    /** @param nanoClock as {@link System#nanoTime} */
    public PrometheusMetrics(Observer observer, LongSupplier nanoClock) {
        this.observer = observer;
        this.nanoClock = nanoClock;
    }

    /** The page of this second. @param accept what the client would like, of the header of that name; may be null */
    public synchronized Page page(String accept) {
        long nowNs = nanoClock.getAsLong();
        if (nowNs - madeNs > FRESH_NS) {
            pages.clear();
        }
        if (pages.isEmpty()) {
            madeNs = nowNs;
        }
        return pages.computeIfAbsent(writer(accept), this::write);
    }

    private ExpositionFormatWriter writer(String accept) {
        ExpositionFormatWriter openMetrics = formats.getOpenMetricsTextFormatWriter();
        return openMetrics.accepts(accept) ? openMetrics : formats.getPrometheusTextFormatWriter();
    }

    private Page write(ExpositionFormatWriter writer) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            writer.write(body, snapshots());
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes all", e);
        }
        return new Page(writer.getContentType(), body.toByteArray());
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
        families.gauge("sluice_generation_timestamp_seconds", "Since when it is in force, in seconds since 1970.")
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
}
