package io.sluice.launcher;

import io.sluice.config.FailoverConfig.OnRoleChange;
import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.OnDown;
import io.sluice.core.log.Termination;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolObserver;
import io.sluice.core.pool.Server;
import io.sluice.core.worker.Pace;
import io.sluice.core.worker.Worker;
import java.util.List;

/** Has all workers end sessions on servers that go down or lose their role, as the pool says. Safe from any thread. */
final class SessionEnds implements PoolObserver {

    private final boolean onDown;
    private final List<Worker> workers;
    /** One for all workers; null if a demoted primary's sessions are kept. */
    private final Pace pace;

    SessionEnds(PoolConfig config, List<Worker> workers) {
        this.workers = workers;
        onDown = config.onDown() == OnDown.CLOSE_CONNECTIONS;
        pace = config.failover().onRoleChange() == OnRoleChange.CLOSE_CONNECTIONS
                ? new Pace(config.failover().closesPerSecond(), System.nanoTime()) : null;
    }

    @Override
    public void onDown(Pool pool, Server server) {
        if (onDown) {
            workers.forEach(worker -> worker.askToAbortSessions(server, Termination.DOWN_DATA));
        }
    }

    @Override
    public void onDemoted(Pool pool, Server server) {
        workers.forEach(worker -> worker.askToLeaveDemoted(server, pace));
    }
}
