package io.sluice.bench.load;

import io.sluice.core.loop.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/**
 * A run of load: its threads, and its results second by second. {@link #stop} is safe from any thread; all else belongs
 * to the thread that started the run.
 */
public final class LoadRun {

    private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final LoadSettings settings;
    private final List<LoadThread> loadThreads = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch running;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ThreadMXBean threadTimes = ManagementFactory.getThreadMXBean();
    /** The CPU time of each thread that has ended, by its index; the JVM knows that of living ones. */
    private final AtomicLongArray endedCpuNs;
    private final Histogram sinceSent = Latencies.histogram();
    private final Histogram sinceDue;
    private final List<Moment> moments = new ArrayList<>();
    private final long measureFromNs;
    private Totals totals = Totals.NONE;
    private long momentNs;
    private long cpuAtStartNs;
    private long busyNs;
    private Instant startedAt;

    private LoadRun(LoadSettings settings) {
        this.settings = settings;
        Pace pace = settings.pace();
        running = new CountDownLatch(pace.threads());
        endedCpuNs = new AtomicLongArray(pace.threads());
        sinceDue = pace.isOpenLoop() ? Latencies.histogram() : null;
        for (int index = 0; index < pace.threads(); index++) {
            EventLoop loop = new EventLoop();
            int number = index;
            loadThreads.add(new LoadThread(loop, System::nanoTime, settings, index, loop::stop));
            threads.add(Thread.ofPlatform().name("load-" + index).daemon().unstarted(() -> run(loop, number)));
        }
        long startNs = System.nanoTime();
        measureFromNs = startNs + settings.span().warmUp().toNanos();
        momentNs = measureFromNs;
        loadThreads.forEach(thread -> thread.loop().mailbox().post(() -> thread.start(startNs)));
        threads.forEach(Thread::start);
    }

    public static LoadRun start(LoadSettings settings) {
        return new LoadRun(settings);
    }

    /** Waits until the warm-up or the whole run is over. */
    public void awaitMeasurement() throws InterruptedException {
        awaitEnd(measureFromNs);
        startedAt = Instant.now();
        cpuAtStartNs = settings.span().warmUp().isZero() ? 0 : cpuNs();
    }

    /**
     * Waits until the next full second of the measurement, or the end of the run.
     *
     * @return the results since the last call; null if the run has ended
     */
    public Moment awaitMoment() throws InterruptedException {
        boolean ended = awaitEnd(measureFromNs + TimeUnit.SECONDS.toNanos(moments.size() + 1));
        Moment moment = take();
        return ended ? null : moment;
    }

    /** Ends the run early and abandons the requests under way. */
    public void stop() {
        loadThreads.forEach(thread -> thread.loop().mailbox().post(thread::stop));
    }

    /** To be called when the run has ended. */
    public LoadResult result() {
        if (failure.get() != null) {
            throw new IllegalStateException("the load generator broke", failure.get());
        }
        // Answers to the last requests come after the end, just as answers to the first ones come after the beginning.
        // But requests that were late at the end have taken their time beyond it.
        long lastSentNs = loadThreads.stream().mapToLong(LoadThread::lastSentNs).max().orElseThrow();
        long endNs = Math.max(settings.span().endNs(), lastSentNs) - settings.span().warmUp().toNanos();
        long untilNs = Math.min(momentNs - measureFromNs, endNs);
        long spentNs = momentNs - measureFromNs;
        double busyShare = spentNs > 0 ? busyNs / (double) spentNs / threads.size() : 0;
        return new LoadResult(settings, startedAt, untilNs / SECOND_NS, totals, sinceSent, sinceDue,
                List.copyOf(moments), busyShare);
    }

    private Moment take() {
        // A run that was ended in its warm-up has measured for no time.
        long nowNs = Math.max(measureFromNs, System.nanoTime());
        Histogram sent = Latencies.histogram();
        Histogram due = Latencies.histogram();
        loadThreads.forEach(thread -> thread.latencies().addTo(sent, due));
        sinceSent.add(sent);
        if (sinceDue != null) {
            sinceDue.add(due);
        }
        Totals before = totals;
        totals = Totals.of(loadThreads.stream().map(LoadThread::tally).toList());
        Moment moment = Moment.of((nowNs - measureFromNs) / SECOND_NS, (nowNs - momentNs) / SECOND_NS, before, totals,
                sinceDue == null ? sent : due);
        moments.add(moment);
        momentNs = nowNs;
        busyNs = cpuNs() - cpuAtStartNs;
        return moment;
    }

    /** Waits until this time at most. @return whether the run has ended */
    private boolean awaitEnd(long untilNs) throws InterruptedException {
        return running.await(untilNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** The CPU time of all threads together. */
    private long cpuNs() {
        long sum = 0;
        for (int index = 0; index < threads.size(); index++) {
            long timeNs = threadTimes.getThreadCpuTime(threads.get(index).threadId());
            sum += timeNs < 0 ? endedCpuNs.get(index) : timeNs;
        }
        return sum;
    }

    private void run(EventLoop loop, int index) {
        try {
            loop.run();
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            loadThreads.forEach(thread -> thread.loop().stop());
        } finally {
            endedCpuNs.set(index, threadTimes.getCurrentThreadCpuTime());
            running.countDown();
        }
    }
}
