package io.sluice.launcher;

import io.sluice.config.Endpoint;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.core.health.HealthChecker;
import io.sluice.core.health.Resolver;
import io.sluice.core.log.Addresses;
import io.sluice.core.log.LogWriter;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.net.ListenSocket;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Placement;
import io.sluice.core.worker.Worker;
import io.sluice.l7.http.HttpError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running load balancer: made by {@link #launch}, ended by {@link #drain} and {@link #close}. Wires the parts
 * together and does nothing else.
 *
 * <p>Belongs to the control plane; {@link #drain} and {@link #close} are safe from any thread.
 */
public final class Sluice implements AutoCloseable {

    /** How long the start waits for host names; a server whose name takes longer starts as down. */
    private static final Duration FIRST_RESOLUTION = Duration.ofSeconds(5);
    private static final Duration DRAIN_POLL = Duration.ofMillis(10);

    private static final Logger LOG = LoggerFactory.getLogger(Sluice.class);

    private final SluiceConfig config;
    private final ConnectionLimit processLimit;
    private final List<Worker> workers;
    private final LogWriter logWriter = new LogWriter();
    private final Resolver resolver = new Resolver();
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1,
            task -> Thread.ofPlatform().daemon().name("scheduler").unstarted(task));
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Map<Pool, ServerStates> states = new LinkedHashMap<>();
    private final List<HealthChecker> checkers = new ArrayList<>();
    private final Map<String, List<InetSocketAddress>> addresses = new LinkedHashMap<>();
    private ServiceFactory services;
    private DemoServers demoServers;

    private Sluice(SluiceConfig config, Sizing sizing) {
        this.config = config;
        processLimit = new ConnectionLimit(null, sizing.connections());
        workers = newWorkers(config, sizing);
    }

    /**
     * Starts everything and returns when connections are being accepted.
     *
     * @throws LaunchException if an address is not to be had, a log file cannot be opened, or the like; nothing is left
     *                         running then
     */
    public static Sluice launch(SluiceConfig config) throws LaunchException, InterruptedException {
        Sluice sluice = new Sluice(config, Sizing.of(config));
        try {
            sluice.start();
            return sluice;
        } catch (LaunchException | InterruptedException | RuntimeException e) {
            sluice.close();
            throw e;
        }
    }

    /** The addresses that a listener listens on, with the ports that the kernel has chosen where 0 was asked for. */
    public List<InetSocketAddress> addresses(String listener) {
        return addresses.get(listener);
    }

    /** Sums of the workers' counters. */
    public StatsReader stats() {
        return new StatsReader(workers.stream().map(Worker::stats).toList());
    }

    /** How often HTTP requests and responses were refused for this reason, by all workers. */
    public long refusals(HttpError reason) {
        return services.httpServices().stream().mapToLong(service -> service.refusals(reason)).sum();
    }

    /** All that was counted and is not zero, as {@code name=value} with spaces between; for a log line. */
    public String summary() {
        StringBuilder summary = new StringBuilder(stats().summary());
        for (HttpError reason : HttpError.values()) {
            long count = refusals(reason);
            if (count > 0) {
                summary.append(" refused-").append(reason.reason()).append('=').append(count);
            }
        }
        return summary.toString();
    }

    /** The pools by name. */
    public Map<String, Pool> pools() {
        return pools;
    }

    public List<Worker> workers() {
        return workers;
    }

    /** Client connections at this moment. */
    public int connections() {
        return processLimit.taken();
    }

    /** Has all log files opened anew, after a log rotation. */
    public void reopenLogs() {
        logWriter.reopen();
    }

    /**
     * Stops accepting and waits until all connections have ended.
     *
     * @param atMost how long
     * @return whether all have
     */
    public boolean drain(Duration atMost) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(workers.size());
        workers.forEach(worker -> worker.askToStopAccepting(stopped::countDown));
        stopped.await();
        long deadlineNs = System.nanoTime() + atMost.toNanos();
        while (connections() > 0 && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(DRAIN_POLL);
        }
        return connections() == 0;
    }

    /** Ends at once: connections that are left are reset. */
    @Override
    public void close() {
        checkers.forEach(HealthChecker::close);
        resolver.close();
        scheduler.shutdownNow();
        try {
            for (Worker worker : workers) {
                worker.askToStopAccepting(() -> { });
                worker.askToKillSessions();
                worker.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        logWriter.close();
        if (demoServers != null) {
            demoServers.close();
        }
    }

    private void start() throws LaunchException, InterruptedException {
        demoServers = new DemoServers(config.demoServers());
        config.pools().forEach(this::addPool);
        List<Listener> listeners = config.listeners().stream()
                .map(listenerConfig -> new Listener(listenerConfig, processLimit)).toList();
        services = new ServiceFactory(pools, states, logWriter);
        for (Listener listener : listeners) {
            for (Worker worker : workers) {
                worker.serve(listener, services.make(worker, listener));
            }
        }
        Map<Listener, List<List<ServerSocketChannel>>> sockets = bindAll(listeners);
        workers.forEach(Worker::start);
        logWriter.start();
        learnServerStates();
        sockets.forEach(this::accept);
    }

    private void addPool(PoolConfig poolConfig) {
        Pool pool = new Pool(poolConfig);
        pool.home(workers.get(pools.size() % workers.size()).loop().mailbox());
        ServerStates poolStates = new ServerStates(pool,
                (work, delayNs) -> scheduler.schedule(work, delayNs, TimeUnit.NANOSECONDS), System::nanoTime);
        poolStates.observe(new SessionEnds(poolConfig, workers));
        pools.put(pool.name(), pool);
        states.put(pool, poolStates);
    }

    private Map<Listener, List<List<ServerSocketChannel>>> bindAll(List<Listener> listeners) throws LaunchException {
        Map<Listener, List<List<ServerSocketChannel>>> bound = new LinkedHashMap<>();
        List<String> failures = new ArrayList<>();
        for (Listener listener : listeners) {
            ListenerConfig listenerConfig = listener.config();
            List<List<ServerSocketChannel>> sockets = new ArrayList<>();
            bound.put(listener, sockets);
            for (Endpoint endpoint : listenerConfig.bind()) {
                try {
                    sockets.add(ListenSocket.bind(new InetSocketAddress(endpoint.host(), endpoint.port()),
                            listenerConfig.backlog(), workers.size()));
                } catch (IOException | RuntimeException e) {
                    failures.add("listener " + listener.name() + " cannot listen on " + endpoint + ": "
                            + (e.getMessage() == null ? e.toString() : e.getMessage()));
                }
            }
        }
        if (!failures.isEmpty()) {
            bound.values().stream().flatMap(List::stream).flatMap(List::stream).forEach(Sluice::closeQuietly);
            throw new LaunchException(String.join("\n", failures));
        }
        return bound;
    }

    /** Resolves names and has all pools' first health checks run at the same time. */
    private void learnServerStates() throws InterruptedException {
        states.forEach(resolver::start);
        resolver.awaitFirstRound(FIRST_RESOLUTION);
        List<HealthChecker> awaited = new ArrayList<>();
        for (Map.Entry<Pool, ServerStates> entry : states.entrySet()) {
            Pool pool = entry.getKey();
            if (pool.config().healthCheck().isEmpty()) {
                continue;
            }
            HealthCheckConfig check = pool.config().healthCheck().orElseThrow();
            HealthChecker checker = new HealthChecker(pool, entry.getValue(), check,
                    server -> ProbeFactory.make(pool, server, check));
            checkers.add(checker);
            checker.start();
            if (pool.config().initialState() == PoolConfig.InitialState.CHECKED) {
                awaited.add(checker);
            }
        }
        for (HealthChecker checker : awaited) {
            checker.awaitFirstRound();
        }
    }

    private void accept(Listener listener, List<List<ServerSocketChannel>> sockets) {
        List<InetSocketAddress> local = new ArrayList<>();
        for (List<ServerSocketChannel> socketPerWorker : sockets) {
            local.add(localAddress(socketPerWorker.getFirst()));
            IntStream.range(0, workers.size())
                    .forEach(index -> workers.get(index).askToAccept(listener, socketPerWorker.get(index)));
        }
        addresses.put(listener.name(), local);
        LOG.info("listener {} accepts on {}", listener.name(),
                String.join(", ", local.stream().map(Addresses::toText).toList()));
    }

    private static InetSocketAddress localAddress(ServerSocketChannel socket) {
        try {
            return (InetSocketAddress) socket.getLocalAddress();
        } catch (IOException e) {
            throw new IllegalStateException("an open listening socket has an address", e);
        }
    }

    private static void closeQuietly(ServerSocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a listening socket did not close cleanly", e);
        }
    }

    private static List<Worker> newWorkers(SluiceConfig config, Sizing sizing) {
        Placement placement = new Placement();
        List<Worker> workers = IntStream.range(0, sizing.workers())
                .mapToObj(index -> new Worker(index, placement, sizing.core(index), config.buffers().sizeBytes(),
                        sizing.bufferCount(), sizing.pipeCount())).toList();
        placement.workers(workers);
        return workers;
    }
}
