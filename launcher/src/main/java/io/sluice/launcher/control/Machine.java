package io.sluice.launcher.control;

import io.sluice.config.SluiceConfig;
import io.sluice.core.health.Resolver;
import io.sluice.core.log.LogWriter;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.pool.Scheduler;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.tls.CertificateKeeper;
import io.sluice.core.tls.CertificateUser;
import io.sluice.core.worker.Placement;
import io.sluice.core.worker.Worker;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.proxy.Refusals;
import io.sluice.l7.proxy.RefusedMessage;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts that last as long as the process, across all generations: workers, the log writer, name resolution, the
 * control plane's timers, demo servers. Safe from any thread.
 */
final class Machine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);
    /** Requests and responses that are kept for an operator to look at, the last that were refused. */
    private static final int REFUSED_MESSAGES = 64;

    /** From one attempt to write a state file that cannot be written to the next. */
    private static final Duration SAVE_AGAIN = Duration.ofSeconds(5);

    private final Sizing sizing;
    private final ConnectionLimit processLimit;
    private final List<Worker> workers;
    private final List<Refusals> refusals;
    private final Directives directives;
    private final LogWriter logWriter = new LogWriter();
    private final LogRings logRings = new LogRings(logWriter);
    private final Resolver resolver = new Resolver();
    private final CertificateKeeper certificates = new CertificateKeeper();
    private List<CertificateUser> certificateUsers = List.of();
    private List<? extends CertificateUser> otherCertificateUsers = List.of();
    private final DemoServers demoServers = new DemoServers();
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1,
            task -> Thread.ofPlatform().daemon().name("scheduler").unstarted(task));

    /** @param config the first configuration, of which some values hold until the process ends */
    Machine(SluiceConfig config) throws LaunchException {
        directives = Directives.load(config.stateFile());
        sizing = Sizing.of(config);
        processLimit = new ConnectionLimit(null, sizing.connections(config));
        workers = newWorkers(config, sizing);
        refusals = workers.stream().map(_ -> new Refusals()).toList();
    }

    void start() {
        workers.forEach(Worker::start);
        logWriter.start();
        certificates.start();
        repeat(directives::saveIfFailing, SAVE_AGAIN);
    }

    List<Worker> workers() {
        return workers;
    }

    /** Operators' directives for servers. */
    Directives directives() {
        return directives;
    }

    /** The refusals of one worker. */
    Refusals refusals(int worker) {
        return refusals.get(worker);
    }

    long refusals(HttpError reason) {
        return refusals.stream().mapToLong(counts -> counts.get(reason)).sum();
    }

    /** The HTTP messages that all workers have refused last, in the order of time. */
    List<RefusedMessage> refusedMessages() {
        List<RefusedMessage> all = refusals.stream().flatMap(counts -> counts.lastMessages().stream())
                .sorted(Comparator.comparing(RefusedMessage::at)).toList();
        return all.subList(Math.max(0, all.size() - REFUSED_MESSAGES), all.size());
    }

    StatsReader stats() {
        return new StatsReader(workers.stream().map(Worker::stats).toList());
    }

    /** The limit of client connections of the whole process. */
    ConnectionLimit processLimit() {
        return processLimit;
    }

    LogWriter logWriter() {
        return logWriter;
    }

    LogRings logRings() {
        return logRings;
    }

    Resolver resolver() {
        return resolver;
    }

    CertificateKeeper certificates() {
        return certificates;
    }

    /** Watches the certificates of a generation in place of those of the one before. */
    synchronized void keepCertificates(List<CertificateUser> ofGeneration) {
        certificateUsers = ofGeneration;
        keepAllCertificates();
    }

    /** Watches certificates that belong to no generation, in place of the earlier ones. */
    synchronized void keepOtherCertificates(List<? extends CertificateUser> others) {
        otherCertificateUsers = others;
        keepAllCertificates();
    }

    private void keepAllCertificates() {
        certificates.keep(Stream.concat(certificateUsers.stream(), otherCertificateUsers.stream()).toList());
    }

    DemoServers demoServers() {
        return demoServers;
    }

    Scheduler scheduler() {
        return (work, delayNs) -> timers.schedule(work, delayNs, TimeUnit.NANOSECONDS);
    }

    /** Has the scheduler do this again and again, with a pause before each time, until the machine ends. */
    void repeat(Runnable work, Duration pause) {
        timers.scheduleWithFixedDelay(work, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Adapts to another configuration, as far as possible without a restart. */
    void become(SluiceConfig config) {
        sizing.shortage(config).ifPresent(LOG::warn);
        processLimit.most(sizing.connections(config));
        demoServers.become(config.demoServers());
    }

    /** Ends at once and resets the remaining connections that are in use. */
    @Override
    public void close() {
        resolver.close();
        certificates.close();
        timers.shutdownNow();
        try {
            for (Worker worker : workers) {
                worker.askToDrain(0, () -> { });
                worker.askToKillSessions();
                worker.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        logWriter.close();
        demoServers.close();
    }

    private static List<Worker> newWorkers(SluiceConfig config, Sizing sizing) {
        Placement placement = new Placement();
        List<Worker> workers = IntStream.range(0, sizing.workers())
                .mapToObj(index -> new Worker(new EventLoop(index, config.busyPoll()), placement, sizing.core(index),
                        config.buffers().sizeBytes(), sizing.bufferCount(), sizing.pipeCount())).toList();
        placement.workers(workers);
        return workers;
    }
}
