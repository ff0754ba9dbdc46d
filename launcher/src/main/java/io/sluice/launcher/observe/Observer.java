package io.sluice.launcher.observe;

import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Scheduler;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.LatencyWindow;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.stats.Traffic;
import io.sluice.core.worker.Worker;
import io.sluice.launcher.observe.Readings.EventReading;
import io.sluice.launcher.observe.Scene.Spot;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Observes what runs: samples counters every second, for rates and for the latencies of the last minute, and remembers
 * the last events. Reads counters only, so workers are not slowed down.
 *
 * <p>Safe from any thread.
 */
public final class Observer implements AutoCloseable {

    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);

    private final String version;
    private final Supplier<Scene> scenes;
    private final LongSupplier nanoClock;
    private final Instant startedAt = Instant.now();
    private final long startedNs;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<Consumer<EventReading>> listeners = new CopyOnWriteArrayList<>();
    private final EventLog events = new EventLog(event -> listeners.forEach(listener -> listener.accept(event)));
    private Map<PerWorker<Traffic>, Track> tracks = new IdentityHashMap<>();
    /** Those of every scene; null before the first. */
    private List<Worker> workers;
    private StatsReader stats;
    private final Rates accepted = new Rates(1);
    /** The CPU time of each worker's thread, without busy-polling. */
    private Rates busy;
    private int looks;
    private Readings latest;
    /** When making {@code latest} began. */
    private long latestNs;
    private volatile boolean closed;

    /**
     * @param scenes    provides the live objects to observe
     * @param nanoClock as {@link System#nanoTime}
     */
    public Observer(String version, Supplier<Scene> scenes, LongSupplier nanoClock) {
        this.version = version;
        this.scenes = scenes;
        this.nanoClock = nanoClock;
        startedNs = nanoClock.getAsLong();
    }

    /** Begins to listen to the operational log. */
    public void listen() {
        events.open();
    }

    /** Starts sampling, with the first sample at once. */
    public void start(Scheduler scheduler) {
        if (!closed) {
            scheduler.schedule(() -> start(scheduler), LOOK_NS);
            look();
        }
    }

    /** Stops sampling. */
    @Override
    public void close() {
        closed = true;
        events.close();
    }

    /** The live objects to observe now. */
    Scene scene() {
        return scenes.get();
    }

    Instant startedAt() {
        return startedAt;
    }

    String version() {
        return version;
    }

    /** The readings of now. Callers that arrive while a reading is being made share the next one. */
    public Readings current() {
        return currentSince(nanoClock.getAsLong());
    }

    private synchronized Readings currentSince(long askedNs) {
        if (latest == null || latestNs - askedNs <= 0) {
            latestNs = nanoClock.getAsLong();
            Scene scene = scenes.get();
            follow(scene);
            latest = new ReadingsBuilder(this, scene).build((latestNs - startedNs) / 1e9, Instant.now());
        }
        return latest;
    }

    /**
     * Passes each event to the listener, on the thread that logs it; the listener must not block.
     *
     * @return removes the listener
     */
    public Runnable onEvent(Consumer<EventReading> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    List<EventReading> events() {
        return events.last();
    }

    Track track(PerWorker<Traffic> traffic) {
        return tracks.get(traffic);
    }

    double acceptRate() {
        return accepted.perSecond(0);
    }

    /**
     * The share of a core's time that a worker's thread uses, without busy-polling; null if the JVM does not measure
     * it.
     */
    Double busy(int worker) {
        return threads.isThreadCpuTimeSupported() ? Math.max(0, Math.round(busy.perSecond(worker) / 1e6)) / 1e3 : null;
    }

    /** Samples all counters. What is new in the scene is not looked for each time: that takes far more. */
    synchronized void look() {
        long nowNs = nanoClock.getAsLong();
        boolean stepsOn = looks++ % LatencyWindow.STEP_SECONDS == 0;
        if (stepsOn) {
            follow(scenes.get());
        }
        for (Track track : tracks.values()) {
            track.sample(nowNs);
            if (stepsOn) {
                track.step();
            }
        }
        accepted.sample(nowNs)[0] = stats.sum(Counter.CONNECTIONS_ACCEPTED);
        sampleThreads(nowNs);
    }

    private void sampleThreads(long nowNs) {
        long[] times = busy.sample(nowNs);
        for (int i = 0; threads.isThreadCpuTimeSupported() && i < times.length; i++) {
            Worker worker = workers.get(i);
            times[i] = threads.getThreadCpuTime(worker.thread().threadId()) - worker.loop().busyPolledNs();
        }
    }

    /** Keeps the tracks of objects in the scene, adds tracks for new ones, and drops the others. */
    private void follow(Scene scene) {
        if (workers == null) {
            workers = scene.workers();
            stats = scene.stats();
            busy = new Rates(workers.size());
        }
        Map<PerWorker<Traffic>, Track> next = new IdentityHashMap<>();
        for (Spot spot : scene.listeners()) {
            follow(next, spot.listener().traffic(), Latency.TOTAL);
            spot.listener().routes().forEach((_, traffic) -> follow(next, traffic, Latency.TOTAL));
        }
        for (Pool pool : scene.pools()) {
            for (Server server : pool.servers()) {
                follow(next, server.traffic(), Latency.values());
            }
        }
        tracks = next;
    }

    private void follow(Map<PerWorker<Traffic>, Track> next, PerWorker<Traffic> traffic, Latency... latencies) {
        Track track = tracks.get(traffic);
        next.put(traffic, track == null ? new Track(traffic, latencies) : track);
    }
}
