package io.sluice.launcher.observe;

import io.sluice.config.SluiceConfig;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.tls.CertificateExpiry;
import io.sluice.core.worker.Worker;
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
 * All counters and latencies as a page for Prometheus. A page is made on request and then reused for 400 times as long
 * as making it took, so that any number of requests costs at most a quarter of a percent of a core. A page is thus up
 * to one second old, with a thousand servers up to ten; it tells when it was made. It lives at most twice as long as
 * the one before: the first pages take many times as long as later ones, whose code the JVM has compiled. Safe from any
 * thread.
 */
public final class PrometheusMetrics {

    private static final long LEAST_LIFE_NS = TimeUnit.SECONDS.toNanos(1);
    /** Shorter than the usual interval of scrapes, so that each scrape finds a new page. */
    private static final long MOST_LIFE_NS = TimeUnit.SECONDS.toNanos(10);
    /** A page lives this many times as long as making it took. */
    private static final int LIFE = 400;

    private final Observer observer;
    private final LongSupplier nanoClock;
    private final Families families = new Families();
    private final Map<Wish, byte[]> bodies = new HashMap<>();
    /** When the bodies' numbers were read; the next field is how long reading and writing them took. */
    private long readNs;
    private long tookNs;
    /** Bounds how long the present page may live. */
    private long mostLifeNs = LEAST_LIFE_NS;

    /**
     * A page as it is sent; callers must not change the array.
     *
     * @param isGzip     whether it is compressed
     * @param ageSeconds since its numbers were read, rounded down
     */
    public record Page(String contentType, boolean isGzip, byte[] body, long ageSeconds) { }

    private record Wish(PageFormat format, boolean gzip) { }

    /** @param nanoClock as {@link System#nanoTime} */
    public PrometheusMetrics(Observer observer, LongSupplier nanoClock) {
        this.observer = observer;
        this.nanoClock = nanoClock;
    }

    /**
     * The present page, made now or reused.
     *
     * @param accept the value of the request's Accept header; may be empty
     * @param gzip   whether the client prefers the page compressed
     */
    public synchronized Page page(String accept, boolean gzip) {
        long nowNs = nanoClock.getAsLong();
        if (bodies.isEmpty() || nowNs - readNs >= lifeNs()) {
            mostLifeNs = bodies.isEmpty() ? LEAST_LIFE_NS : Math.min(2 * lifeNs(), MOST_LIFE_NS);
            bodies.clear();
            tookNs = 0;
            readNs = nowNs;
            read();
        }
        Wish wish = new Wish(PageFormat.of(accept), gzip);
        byte[] body = bodies.get(wish);
        if (body == null) {
            body = write(wish);
            bodies.put(wish, body);
            tookNs += nanoClock.getAsLong() - nowNs;
        }
        return new Page(wish.format.contentType(), gzip, body, TimeUnit.NANOSECONDS.toSeconds(nowNs - readNs));
    }

    private long lifeNs() {
        return Math.clamp(LIFE * tookNs, LEAST_LIFE_NS, mostLifeNs);
    }

    private byte[] write(Wish wish) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (OutputStream out = wish.gzip ? new FastGzip(body) : body) {
            families.writeTo(out, wish.format);
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes all", e);
        }
        return body.toByteArray();
    }

    /** Compresses at the fastest level: a page is so repetitive that this suffices. */
    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out, 16 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Reads all numbers anew. */
    Families read() {
        Scene scene = observer.scene();
        families.clear();
        families.info("sluice_build", "Version of Sluice.").add(1,
                Labels.of("java", Runtime.version().toString()).and("version", observer.version()));
        families.gauge("sluice_metrics_timestamp_seconds", "When this page was generated, in seconds since 1970.")
                .add(System.currentTimeMillis() / 1e3, Labels.NONE);
        addWhole(scene);
        addWorkers(scene);
        addCertificates(scene);
        TrafficMetrics traffic = new TrafficMetrics(families);
        scene.listeners().forEach(traffic::add);
        PoolMetrics pools = new PoolMetrics(families);
        scene.pools().forEach(pools::add);
        new ProcessMetrics(families).add();
        return families;
    }

    private void addWhole(Scene scene) {
        families.gauge("sluice_draining", "Whether Sluice is shutting down and accepts no more connections.")
                .add(scene.isDraining() ? 1 : 0, Labels.NONE);
        families.gauge("sluice_generation", "Number of the configuration in force; each reload adds one.")
                .add(scene.generation().number(), Labels.NONE);
        families.gauge("sluice_generation_timestamp_seconds",
                        "When the configuration came into force, in seconds since 1970.")
                .add(scene.generation().at().toEpochMilli() / 1e3, Labels.NONE);
        families.gauge("sluice_connections", "Current client connections.")
                .add(scene.processLimit().taken(), Labels.NONE);
        Numbers limit = families.gauge("sluice_connections_limit",
                "Limit on client connections; absent if there is none.");
        if (scene.processLimit().most() != SluiceConfig.UNLIMITED) {
            limit.add(scene.processLimit().most(), Labels.NONE);
        }
        StatsReader counters = scene.stats();
        for (Counter counter : Counter.values()) {
            families.counter("sluice_" + counter.label().replace('-', '_'), "All workers' " + counter.label() + ".")
                    .add(counters.sum(counter), Labels.NONE);
        }
    }

    private void addWorkers(Scene scene) {
        Numbers connections = families.gauge("sluice_worker_connections", "Client connections of the worker.");
        Numbers cpu = families.counter("sluice_worker_cpu_seconds", "CPU time used by the worker's thread.");
        Numbers busyPolled = families.counter("sluice_worker_busy_poll_seconds",
                "Time in which the worker has asked for events in vain instead of sleeping.");
        Numbers buffers = families.gauge("sluice_worker_buffers", "Buffers of the worker that hold bytes in flight.");
        Numbers mostBuffers = families.gauge("sluice_worker_buffers_limit",
                "Limit on buffers of the worker: its share of buffers.memory.");
        Numbers pipes = families.gauge("sluice_worker_pipes",
                "Pipes of the worker that hold bytes in flight, for zero-copy.");
        Numbers mostPipes = families.gauge("sluice_worker_pipes_limit",
                "Limit on pipes of the worker; 0 without zero-copy.");
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (Worker worker : scene.workers()) {
            Labels labels = Labels.of("worker", worker.name());
            connections.add(worker.connections(), labels);
            busyPolled.add(worker.loop().busyPolledNs() / 1e9, labels);
            buffers.add(worker.buffers().inUse(), labels);
            mostBuffers.add(worker.buffers().most(), labels);
            pipes.add(worker.vessels().pipes().inUse(), labels);
            mostPipes.add(worker.vessels().pipes().most(), labels);
            if (threads.isThreadCpuTimeSupported()) {
                cpu.add(Math.max(0, threads.getThreadCpuTime(worker.thread().threadId())) / 1e9, labels);
            }
        }
    }

    /** Of certificates with the same labels, such as an RSA and an EC one, adds only the first to expire. */
    private void addCertificates(Scene scene) {
        Map<Shown, Instant> first = new HashMap<>();
        Map<String, Boolean> outlived = new HashMap<>();
        for (CertificateExpiry expiry : scene.certificates()) {
            first.merge(new Shown(expiry.owner(), expiry.subject()), expiry.notAfter(),
                    (one, other) -> one.isBefore(other) ? one : other);
            outlived.merge(expiry.owner(), expiry.outlived(), Boolean::logicalOr);
        }
        Numbers ends = families.gauge("sluice_certificate_expiry_timestamp_seconds",
                "When the first certificate with this subject expires, in seconds since 1970.");
        first.forEach((shown, at) -> ends.add(at.getEpochSecond(),
                Labels.of("owner", shown.owner).and("subject", shown.subject)));
        Numbers refused = families.gauge("sluice_certificate_files_refused",
                "Whether files have become unusable, so that the previous certificates are still in use.");
        outlived.forEach((owner, is) -> refused.add(is ? 1 : 0, Labels.of("owner", owner)));
    }

    /** The labels of a certificate, which several certificates can share. */
    private record Shown(String owner, String subject) { }
}
