package io.sluice.core.health;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the servers of one pool, each on a virtual thread of its own. Safe from any thread. */
public final class HealthChecker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecker.class);

    private final Pool pool;
    private final HealthCheckConfig.Schedule schedule;
    private final CountDownLatch firstRound;
    private final Map<Server, ServerCheck> checks = new LinkedHashMap<>();

    /** @param probes makes a probe for a server, without blocking */
    public HealthChecker(Pool pool, ServerStates states, HealthCheckConfig config,
                         Function<Server, Probe> probes) {
        this.pool = pool;
        schedule = config.schedule();
        List<Server> checked = pool.servers().stream()
                .filter(server -> server.config().state() != AdminState.MAINTENANCE).toList();
        firstRound = new CountDownLatch(checked.size());
        for (Server server : checked) {
            checks.put(server, new ServerCheck(pool, server, states, schedule, probes, firstRound::countDown));
        }
        states.onSuspicion(this::checkSoon);
    }

    public void start() {
        checks.values().forEach(ServerCheck::start);
    }

    /** Waits until every server has been checked once, at most for one check's timeout. */
    public void awaitFirstRound() throws InterruptedException {
        if (!firstRound.await(schedule.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("pool {}: {} of {} servers have not answered their first health check within {} ms", pool.name(),
                    firstRound.getCount(), checks.size(), schedule.timeout().toMillis());
        }
    }

    @Override
    public void close() {
        checks.values().forEach(ServerCheck::close);
    }

    private void checkSoon(Server server) {
        ServerCheck check = checks.get(server);
        if (check != null) {
            check.checkSoon();
        }
    }
}
