package io.sluice.launcher.control;

import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigDiff;
import io.sluice.config.parse.ConfigDocument;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.core.log.Addresses;
import io.sluice.core.pool.Directive;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.Scheduler;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.tls.CertificateExpiry;
import io.sluice.core.tls.CertificateUser;
import io.sluice.core.worker.Worker;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.proxy.MalformedRequest;
import io.sluice.launcher.observe.Readings.GenerationReading;
import io.sluice.launcher.observe.Scene;
import io.sluice.launcher.overload.BufferGauge;
import io.sluice.launcher.overload.DescriptorGauge;
import io.sluice.launcher.overload.HeapGauge;
import io.sluice.launcher.overload.OverloadGuard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs, and how it is replaced: generation after generation of the configuration, whole or not at all. A new one
 * is put together beside the one that serves; what both have in common goes on undisturbed.
 *
 * <p>Safe from any thread; one reload at a time.
 */
public final class ControlPlane implements AutoCloseable {

    /** Generations that are remembered, the one in force among them. */
    public static final int REMEMBERED = 10;

    /** Requests that are kept for an operator to look at, the last that were refused. */
    public static final int REFUSED_REQUESTS = 64;

    /** How long servers' host names are waited for; a server whose name takes longer is down until then. */
    private static final Duration NAMES_PATIENCE = Duration.ofSeconds(5);

    private static final long LOOK_INTERVAL_NS = Duration.ofMillis(250).toNanos();
    /** Counting many file descriptors takes time. */
    private static final int COSTS_BETWEEN_LOOKS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private final ReentrantLock reloading = new ReentrantLock(true);
    private final Machine machine;
    private final Switch workers;
    private final Restarts restarts;
    private final OverloadGuard overload;
    private final Deque<Generation> generations = new ArrayDeque<>();
    private List<CertificateUser> otherCertificates = List.of();
    private Map<String, PoolKeeper> keepers = new LinkedHashMap<>();
    private volatile Assembly current;
    private int poolsMade;
    private final long startMs = System.currentTimeMillis();
    private volatile int lastNumber;
    private volatile ConfigDocument document;
    private volatile ServiceManager serviceManager = ServiceManager.none();
    private volatile boolean ended;
    private final Object learning = new Object();
    /** Who waits for the states of servers at present, or null. Guarded by {@code learning}. */
    private Thread learner;

    /** Nothing serves before {@link #launch}. */
    public ControlPlane(SluiceConfig first) throws LaunchException {
        restarts = new Restarts(first);
        machine = new Machine(first);
        workers = new Switch(machine.workers());
        current = Assembly.nothing(machine.workers().size(), List.of());
        overload = new OverloadGuard(
                List.of(new DescriptorGauge(), new BufferGauge(machine.workers()), new HeapGauge()),
                new Shedding(machine.workers(), () -> current));
    }

    /**
     * Starts everything and returns when connections are being accepted.
     *
     * @param passed sockets that another process has passed on; those that are not needed are closed
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
            lookForOverload();
        } catch (IOException e) {
            throw new LaunchException("a socket that was passed on cannot be joined by others: " + e.getMessage());
        } finally {
            List<Binding> used = current.config() == null ? List.of() : current.bindings();
            bindings.stream().filter(binding -> !used.contains(binding)).forEach(Binding::close);
            reloading.unlock();
        }
    }

    /** The sockets of all listeners, for another process. They stay open here. */
    public List<ListeningSockets> socketsToPass() {
        return current.bindings().stream().map(Binding::toPass).toList();
    }

    /** From now on the host's service manager is told of reloads. */
    public void announceTo(ServiceManager manager) {
        serviceManager = manager;
    }

    /** Puts the configuration in a file in force, as it is once it is this reload's turn. */
    public Optional<Generation> reload(Path file) throws ConfigException, LaunchException, InterruptedException {
        reloading.lockInterruptibly();
        try {
            return reload(ConfigParser.load(file), file.toString());
        } finally {
            reloading.unlock();
        }
    }

    /** Puts the configuration in a text in force. @param name what errors call the text */
    public Optional<Generation> reload(String text, String name, Path baseDirectory)
            throws ConfigException, LaunchException, InterruptedException {
        return reload(ConfigParser.load(text, name, baseDirectory), name);
    }

    /**
     * Puts another configuration in force. Returns when it is.
     *
     * @param origin where it comes from, for a reader
     * @return the new generation, or nothing if all is as before
     * @throws LaunchException if this host cannot provide what it asks for; the one before goes on untouched then
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

    /** Puts a configuration in force once more that was before, as a new generation. */
    public Optional<Generation> rollback(int number) throws LaunchException, InterruptedException {
        Generation back = generations().stream().filter(generation -> generation.number() == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("generation " + number + " is not remembered"));
        return reload(back.loaded(), "rollback to generation " + number);
    }

    /** The last generations, the one in force at the end. */
    public List<Generation> generations() {
        synchronized (generations) {
            return List.copyOf(generations);
        }
    }

    /** The configuration in force. */
    public SluiceConfig config() {
        return current.config();
    }

    /** The text of the configuration in force. */
    public ConfigDocument document() {
        return document;
    }

    /** Changes with every generation and with every {@link #direct}, and is no other process's. */
    public String version() {
        return Long.toHexString(startMs) + '-' + lastNumber + '-' + machine.directives().revision();
    }

    /** Runs this while nothing else is reloaded or directed. */
    public <T> T exclusively(Callable<T> work) throws Exception {
        reloading.lockInterruptibly();
        try {
            return work.call();
        } finally {
            reloading.unlock();
        }
    }

    /**
     * Puts in force what an operator says of a server, in place of all that was said before; it holds until the server
     * leaves the configuration. A reload under way does not hold it up.
     *
     * @throws NoSuchElementException if there is no such server
     */
    public void direct(String pool, String server, Directive directive) throws InterruptedException {
        PoolPlan plan = Optional.ofNullable(current.pools().get(pool))
                .orElseThrow(() -> new NoSuchElementException("no pool is named " + pool));
        Server found = plan.pool().servers().stream().filter(one -> one.name().equals(server)).findFirst()
                .orElseThrow(() -> new NoSuchElementException("no server of pool " + pool + " is named " + server));
        machine.directives().put(pool, server, directive);
        plan.states().direct(found, directive);
        reloading.lockInterruptibly();
        try {
            if (keepers.containsKey(pool) && keepers.get(pool).pool().servers().contains(found)) {
                keepers.get(pool).redirect(found);
            }
        } finally {
            reloading.unlock();
        }
    }

    /** Puts in force what another process has written into the state file since this one has read it. */
    public void catchUp() throws LaunchException, InterruptedException {
        Directives latest = Directives.load(config().stateFile());
        for (PoolConfig pool : config().pools()) {
            for (ServerConfig server : pool.servers()) {
                Directive said = latest.of(pool.name(), server.name());
                if (!said.equals(machine.directives().of(pool.name(), server.name()))) {
                    direct(pool.name(), server.name(), said);
                }
            }
        }
    }

    /** Whether no more clients are accepted, for good. */
    public boolean isDraining() {
        return ended;
    }

    /** The addresses that a listener listens on, with the ports that the kernel has chosen where 0 was asked for. */
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

    /** The last HTTP requests that were refused as malformed or too large, {@link #REFUSED_REQUESTS} at most. */
    public List<MalformedRequest> refusedRequests() {
        return machine.refusedRequests(REFUSED_REQUESTS);
    }

    /** Certificates beside those of listeners and pools that are to be looked after, in place of those of before. */
    public void keepFresh(List<? extends CertificateUser> others) {
        reloading.lock();
        try {
            otherCertificates = List.copyOf(others);
            keepCertificates();
        } finally {
            reloading.unlock();
        }
    }

    private void keepCertificates() {
        List<CertificateUser> users = new ArrayList<>(current.tls().users());
        users.addAll(otherCertificates);
        machine.certificates().keep(users);
    }

    /** When the certificates expire that are shown to peers. */
    public List<CertificateExpiry> certificates() {
        return machine.certificates().expiries();
    }

    /** Client connections at this moment. */
    public int connections() {
        return machine.processLimit().taken();
    }

    /** What there is to observe at this moment. */
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

    /**
     * Stops accepting for good. A reload that waits for health checks is given up; none follows.
     *
     * @param idleToo whether HTTP connections between two requests are closed at once; if not, they are with their next
     *                response
     */
    public void stopAccepting(boolean idleToo) {
        noMoreReloads();
        reloading.lock();
        try {
            workers.stopAccepting(idleToo);
        } finally {
            reloading.unlock();
        }
    }

    /** Ends at once: connections that are left are reset. */
    @Override
    public void close() {
        noMoreReloads();
        reloading.lock();
        try {
            keepers.values().forEach(PoolKeeper::close);
            machine.close();
        } finally {
            reloading.unlock();
        }
    }

    /** Looks, and again after a while; the longer, the longer looking takes. */
    private void lookForOverload() {
        long startNs = System.nanoTime();
        try {
            overload.look(config().overload());
        } catch (RuntimeException e) {
            LOG.error("looking for overload failed", e);
        }
        long costNs = System.nanoTime() - startNs;
        machine.scheduler().schedule(this::lookForOverload, Math.max(LOOK_INTERVAL_NS, COSTS_BETWEEN_LOOKS * costNs));
    }

    private void noMoreReloads() {
        ended = true;
        synchronized (learning) {
            if (learner != null) {
                learner.interrupt();
            }
        }
    }

    private Optional<Generation> replace(LoadedConfig loaded, String origin)
            throws LaunchException, InterruptedException {
        Assembly before = current;
        Map<String, PoolKeeper> nextKeepers = keepersOf(loaded.config());
        SnapshotBuilder builder = new SnapshotBuilder(machine, before, nextKeepers, loaded);
        Assembly next = builder.build();
        try {
            learnServerStates(next, nextKeepers);
        } catch (InterruptedException e) {
            changed(next, nextKeepers).forEach(PoolKeeper::abandon);
            builder.release();
            throw e;
        }
        switchTo(next, nextKeepers);
        machine.directives().keepFor(loaded.config());
        keepCertificates();
        machine.certificates().reloadAll();
        restarts.tell(loaded, next);
        return remember(before, next, loaded, origin);
    }

    private Map<String, PoolKeeper> keepersOf(SluiceConfig next) {
        Map<String, PoolKeeper> kept = new LinkedHashMap<>();
        for (PoolConfig pool : next.pools()) {
            PoolKeeper keeper = keepers.get(pool.name());
            kept.put(pool.name(), keeper != null ? keeper : newKeeper(pool));
        }
        return kept;
    }

    private PoolKeeper newKeeper(PoolConfig pool) {
        Worker home = machine.workers().get(poolsMade++ % machine.workers().size());
        return new PoolKeeper(pool, home.loop().mailbox(), machine);
    }

    /** Resolves the names of servers that come, and has all their first health checks run at the same time. */
    private void learnServerStates(Assembly next, Map<String, PoolKeeper> nextKeepers) throws InterruptedException {
        Map<PoolKeeper, PoolPlan> changed = changed(next, nextKeepers);
        synchronized (learning) {
            learner = Thread.currentThread();
        }
        try {
            changed.forEach(PoolKeeper::resolve);
            machine.resolver().awaitFirstRound(NAMES_PATIENCE);
            changed.forEach((keeper, plan) -> keeper.check(plan, next.tls().checks().get(plan.config().name())));
            for (Map.Entry<PoolKeeper, PoolPlan> entry : changed.entrySet()) {
                entry.getKey().awaitChecks(entry.getValue());
            }
            if (ended) {
                throw new InterruptedException();
            }
        } finally {
            synchronized (learning) {
                learner = null;
            }
        }
    }

    /** From here on nothing goes wrong any more. */
    private void switchTo(Assembly next, Map<String, PoolKeeper> nextKeepers) {
        changed(next, nextKeepers).forEach(PoolKeeper::adopt);
        next.listeners().forEach((name, served) ->
                served.listener().become(served.config(), next.tls().listeners().get(name)));
        machine.become(next.config());
        workers.between(current, next);
        next.listeners().forEach((name, served) -> tellOfNewAddresses(name, served, current.bindings()));
        current = next;
        keepers.forEach((name, keeper) -> {
            if (nextKeepers.get(name) != keeper) {
                keeper.close();
            }
        });
        keepers = nextKeepers;
    }

    private static Map<PoolKeeper, PoolPlan> changed(Assembly next, Map<String, PoolKeeper> keepers) {
        Map<PoolKeeper, PoolPlan> changed = new LinkedHashMap<>();
        next.pools().forEach((name, plan) -> {
            if (keepers.get(name).isNew(plan)) {
                changed.put(keepers.get(name), plan);
            }
        });
        return changed;
    }

    private static void tellOfNewAddresses(String listener, Served served, List<Binding> before) {
        List<String> fresh = served.bindings().stream().filter(binding -> !before.contains(binding))
                .map(binding -> Addresses.toText(binding.local())).toList();
        if (!fresh.isEmpty()) {
            LOG.info("listener {} accepts on {}", listener, String.join(", ", fresh));
        }
    }

    private Optional<Generation> remember(Assembly before, Assembly next, LoadedConfig loaded,
                                          String origin) {
        document = loaded.document();
        boolean isFirst = before.config() == null;
        ConfigDiff changes = isFirst ? new ConfigDiff(List.of()) : ConfigDiff.between(before.config(), next.config());
        if (!isFirst && changes.isEmpty() && next.servesAs(before)) {
            LOG.info("generation {} goes on: nothing has changed", lastNumber);
            return Optional.empty();
        }
        Generation generation = new Generation(lastNumber + 1, Instant.now(), origin, loaded, changes);
        synchronized (generations) {
            generations.addLast(generation);
            if (generations.size() > REMEMBERED) {
                generations.removeFirst();
            }
        }
        lastNumber = generation.number();
        if (!isFirst) {
            LOG.info("generation {}: {}", lastNumber, changes.isEmpty() ? "error pages changed" : changes.summary());
        }
        return Optional.of(generation);
    }
}
