package io.sluice.launcher.control;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigDocument;
import io.sluice.config.parse.ConfigError;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.Scheduler;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.tls.CertificateExpiry;
import io.sluice.core.tls.CertificateUser;
import io.sluice.core.worker.Worker;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.proxy.RefusedMessage;
import io.sluice.launcher.observe.Readings.GenerationReading;
import io.sluice.launcher.observe.Scene;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, replaces and ends what serves: generation after generation of the configuration, each in whole or not at all.
 * A new generation is built beside the serving one; parts that both have in common go on undisturbed.
 *
 * <p>Safe from any thread; one reload at a time.
 */
public final class ControlPlane implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private final ReentrantLock reloading = new ReentrantLock(true);
    private final Machine machine;
    private final Switch workers;
    private final Restarts restarts;
    private final Directing directing;
    private final Generations generations = new Generations();
    private final PoolKeepers keepers;
    private volatile Assembly current;
    private final long startMs = System.currentTimeMillis();
    private volatile ServiceManager serviceManager = ServiceManager.none();
    private volatile boolean ended;

    /** Starts nothing: {@link #launch} does. */
    public ControlPlane(SluiceConfig first) throws LaunchException {
        restarts = new Restarts(first);
        machine = new Machine(first);
        workers = new Switch(machine.workers());
        keepers = new PoolKeepers(machine);
        directing = new Directing(machine.directives(), () -> current, keepers, reloading);
        current = Assembly.nothing(machine.workers().size(), List.of());
    }

    /**
     * Starts everything and returns when connections are being accepted.
     *
     * @param passed sockets passed on by another process; unneeded ones are closed
     * @throws LaunchException if this host cannot provide what the configuration asks for
     */
    public void launch(LoadedConfig loaded, String origin, List<ListeningSockets> passed)
            throws LaunchException, InterruptedException {
        reloading.lock();
        List<Binding> bindings = new ArrayList<>();
        try {
            for (ListeningSockets sockets : passed) {
                bindings.add(Binding.of(sockets, machine.workers().size()));
            }
            current = Assembly.nothing(machine.workers().size(), bindings);
            machine.start();
            replace(loaded, origin);
            new OverloadWatch(machine, () -> current).start();
        } catch (IOException e) {
            throw new LaunchException("a socket that was passed on cannot be joined by others: " + e.getMessage());
        } finally {
            bindings.stream().filter(binding -> !current.listensOn(binding)).forEach(Binding::close);
            reloading.unlock();
        }
    }

    /** The sockets of all listeners, for another process. They stay open here. */
    public List<ListeningSockets> socketsToPass() {
        return current.bindings().stream().map(Binding::toPass).toList();
    }

    /** Sets the host's service manager, which learns of reloads from now on. */
    public void announceTo(ServiceManager manager) {
        serviceManager = manager;
    }

    /** Puts the configuration in a file in force. The file is read when this reload's turn has come. */
    public Optional<Generation> reload(Path file) throws ConfigException, LaunchException, InterruptedException {
        reloading.lockInterruptibly();
        try {
            return reload(ConfigParser.load(file), file.toString());
        } finally {
            reloading.unlock();
        }
    }

    /**
     * Puts another configuration in force. Returns when all workers serve it.
     *
     * @param origin where it comes from, for a reader
     * @return the new generation; empty if nothing changes
     * @throws LaunchException if this host cannot provide what the configuration asks for; the present one then stays
     *                         in force
     */
    public Optional<Generation> reload(LoadedConfig loaded, String origin)
            throws LaunchException, InterruptedException {
        reloading.lockInterruptibly();
        try {
            if (ended) {
                LOG.warn("no reload from {}: Sluice is ending", origin);
                return Optional.empty();
            }
            loaded.warnings().forEach(warning -> LOG.warn(warning.render()));
            serviceManager.reloading();
            try {
                return replace(loaded, origin);
            } finally {
                serviceManager.reloaded();
            }
        } finally {
            reloading.unlock();
        }
    }

    /** The remembered generations, oldest first; the last one is in force. */
    public List<Generation> generations() {
        return generations.all();
    }

    /** The configuration in force. */
    public SluiceConfig config() {
        return current.config();
    }

    /** The text of the configuration in force. */
    public ConfigDocument document() {
        return generations.document();
    }

    /** Identifies the state that operators change: unique to each generation, {@link Directing#direct} and process. */
    public String version() {
        return Long.toHexString(startMs) + '-' + generations.lastNumber() + '-' + machine.directives().revision();
    }

    /** Runs {@code work} while no reload runs. Throws whatever it throws. */
    public <T> T exclusively(Callable<T> work) throws Exception {
        reloading.lockInterruptibly();
        try {
            return work.call();
        } finally {
            reloading.unlock();
        }
    }

    /** Takes operators' directives for servers. */
    public Directing directing() {
        return directing;
    }

    /** Whether Sluice has stopped accepting for good. */
    public boolean isDraining() {
        return ended;
    }

    /** The parts of the configuration in force that wait for a restart. @param loaded that configuration */
    public List<ConfigError> awaitingRestart(LoadedConfig loaded) {
        return restarts.pending(loaded, current);
    }

    /** The addresses that a listener listens on, with the ports that the kernel has chosen for port 0. */
    public List<InetSocketAddress> addresses(String listener) {
        return current.listeners().get(listener).bindings().stream().map(Binding::local).toList();
    }

    /** The pools by name. */
    public Map<String, Pool> pools() {
        Map<String, Pool> pools = new LinkedHashMap<>();
        current.pools().forEach((name, plan) -> pools.put(name, plan.pool()));
        return pools;
    }

    public List<Worker> workers() {
        return machine.workers();
    }

    /** Sums of the workers' counters. */
    public StatsReader stats() {
        return machine.stats();
    }

    /** How often HTTP requests and responses were refused for this reason, by all workers. */
    public long refusals(HttpError reason) {
        return machine.refusals(reason);
    }

    /** The last HTTP requests and responses that were refused as malformed or too large, 64 at most. */
    public List<RefusedMessage> refusedMessages() {
        return machine.refusedMessages();
    }

    /** Sets the users of certificates, beside listeners and pools, for which to watch the certificates' files. */
    public void keepFresh(List<? extends CertificateUser> others) {
        machine.keepOtherCertificates(others);
    }

    /** When the certificates that are shown to peers expire. */
    public List<CertificateExpiry> certificates() {
        return machine.certificates().expiries();
    }

    /** The number of client connections now, and of closed ones of TLS that still have bytes to send. */
    public int connections() {
        // In this order: a closed one is counted there before it is no longer counted here.
        return machine.processLimit().taken() + machine.workers().stream().mapToInt(Worker::closing).sum();
    }

    /** The live objects to observe now. */
    public Scene scene() {
        Assembly now = current;
        List<Generation> known = generations();
        GenerationReading generation = known.isEmpty() ? new GenerationReading(0, Instant.EPOCH, "")
                : known.getLast().reading();
        return new Scene(generation, machine.workers(), machine.processLimit(), now.spots(!ended),
                now.pools().values().stream().map(PoolPlan::pool).toList(), now.namesOfHttpPools(),
                certificates(), ended);
    }

    /** The control plane's timer. */
    public Scheduler scheduler() {
        return machine.scheduler();
    }

    /** Has all log files opened anew, after a log rotation. */
    public void reopenLogs() {
        machine.logWriter().reopen();
    }

    /** Writes the state file no more: another process serves, and operators tell that one. */
    public void leaveStateFile() {
        machine.directives().leaveFile();
    }

    /**
     * Stops accepting for good. A reload that waits for health checks is abandoned, and no reload follows.
     *
     * @param mostIdle how long an HTTP connection may be idle from now on. A client that comes in time is told with its
     *                 response that its connection ends
     */
    public void stopAccepting(Duration mostIdle) {
        noMoreReloads();
        reloading.lock();
        try {
            workers.stopAccepting(mostIdle);
        } finally {
            reloading.unlock();
        }
    }

    /** Ends at once and resets the remaining connections that are in use. */
    @Override
    public void close() {
        noMoreReloads();
        reloading.lock();
        try {
            keepers.become(Map.of());
            machine.close();
        } finally {
            reloading.unlock();
        }
    }

    private void noMoreReloads() {
        ended = true;
        keepers.giveUp();
    }

    private Optional<Generation> replace(LoadedConfig loaded, String origin)
            throws LaunchException, InterruptedException {
        Assembly before = current;
        Map<String, PoolKeeper> nextKeepers = keepers.of(loaded.config());
        SnapshotBuilder builder = new SnapshotBuilder(machine, before, nextKeepers, loaded);
        Assembly next = builder.build();
        try {
            keepers.learn(next, nextKeepers);
        } catch (InterruptedException e) {
            PoolKeepers.changed(next, nextKeepers).forEach(PoolKeeper::abandon);
            builder.release();
            throw e;
        }
        switchTo(next, nextKeepers);
        machine.directives().keepFor(loaded.config());
        machine.keepCertificates(next.tls().users());
        machine.certificates().reloadAll();
        restarts.tell(loaded, next);
        return generations.remember(before, next, loaded, origin);
    }

    /** Puts the next generation in force; no step from here on can fail. */
    private void switchTo(Assembly next, Map<String, PoolKeeper> nextKeepers) {
        PoolKeepers.changed(next, nextKeepers).forEach(PoolKeeper::adopt);
        next.listeners().forEach((name, served) ->
                served.listener().become(served.config(), next.tls().listeners().get(name)));
        machine.become(next.config());
        workers.between(current, next);
        next.listeners().values().forEach(served -> served.tellOfNewAddresses(current.bindings()));
        current = next;
        keepers.become(nextKeepers);
    }
}
