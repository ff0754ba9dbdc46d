package io.sluice.core.health;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the servers of one pool, each on a virtual thread of its own. Health known before a server's first check here
 * stays valid until checks contradict it. Safe from any thread.
 */
public final class HealthChecker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecker.class);

    private final Pool pool;
    private final ServerStates states;
    private final HealthCheckConfig.Schedule schedule;
    private final Function<Server, Probe> probes;
    private final Map<Server, ServerCheck> checks = new ConcurrentHashMap<>();
    private volatile CountDownLatch firstRound = new CountDownLatch(0);

    /** @param probes makes a probe for a server, without blocking */
    public HealthChecker(Pool pool, ServerStates states, HealthCheckConfig config,
                         Function<Server, Probe> probes) {
        this.pool = pool;
        this.states = states;
        this.probes = probes;
        schedule = config.schedule();
    }

    /** Starts checking these servers, except those in maintenance and those that are being checked already. */
    public void start(List<Server> servers) {
        List<Server> checked = servers.stream().filter(server -> !checks.containsKey(server)
                && server.adminState() != AdminState.MAINTENANCE).toList();
        CountDownLatch round = new CountDownLatch(checked.size());
        firstRound = round;
        for (Server server : checked) {
            checks.put(server, new ServerCheck(pool, server, states, schedule, probes, round::countDown));
        }
        checked.forEach(server -> checks.get(server).start());
    }

    /** Waits until the servers of the last {@code start} have been checked once, at most for one check's timeout. */
    public void awaitFirstRound() throws InterruptedException {
        if (!firstRound.await(schedule.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("pool {}: first health checks have no answer within {} ms: {} of {} servers", pool.name(),
                    schedule.timeout().toMillis(), firstRound.getCount(), checks.size());
        }
    }

    /** Stops checking all but these servers, and those of them that are in maintenance. */
    public void keep(List<Server> servers) {
        Set<Server> kept = new HashSet<>(servers);
        kept.removeIf(server -> server.adminState() == AdminState.MAINTENANCE);
        checks.entrySet().removeIf(check -> {
            boolean ends = !kept.contains(check.getKey());
            if (ends) {
                check.getValue().close();
            }
            return ends;
        });
    }

    @Override
    public void close() {
        checks.values().forEach(ServerCheck::close);
    }

    /** Has a server checked at once, or after the check that is under way. Never blocks. */
    public void checkSoon(Server server) {
        ServerCheck check = checks.get(server);
        if (check != null) {
            check.checkSoon();
        }
    }
}
