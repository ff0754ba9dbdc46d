package io.sluice.launcher.control;

import io.sluice.config.FailoverConfig;
import io.sluice.config.FailoverConfig.OnFailback;
import io.sluice.config.FailoverConfig.OnRoleChange;
import io.sluice.config.PoolConfig.OnDown;
import io.sluice.config.Rate;
import io.sluice.core.loop.Pace;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolObserver;
import io.sluice.core.pool.Server;
import io.sluice.core.worker.Worker;
import java.util.List;

/**
 * Has all workers end the sessions on a server that goes down, loses its role, or only stood in for another, as the
 * pool's configuration says. Called by one thread at a time.
 */
final class SessionEnds implements PoolObserver {

    private final List<Worker> workers;
    /** The pace of closing, shared by all workers and all servers, but for those that go down; null before its use. */
    private Pace pace;
    private Rate rate;

    SessionEnds(List<Worker> workers) {
        this.workers = workers;
    }

    @Override
    public void onDown(Pool pool, Server server) {
        if (pool.config().onDown() == OnDown.CLOSE_CONNECTIONS) {
            workers.forEach(worker -> worker.askToAbortSessions(server));
        }
    }

    @Override
    public void onDemoted(Pool pool, Server server) {
        FailoverConfig failover = pool.config().failover();
        Pace closing = failover.onRoleChange() == OnRoleChange.CLOSE_CONNECTIONS
                ? pace(failover.closeRate()) : null;
        workers.forEach(worker -> worker.askToLeaveDemoted(server, closing));
    }

    @Override
    public void onAvailable(Pool pool, Server server) {
        FailoverConfig failover = pool.config().failover();
        if (failover.onFailback() == OnFailback.CLOSE_CONNECTIONS) {
            Pace closing = pace(failover.closeRate());
            workers.forEach(worker -> worker.askToFailBack(server, closing));
        }
    }

    private Pace pace(Rate wanted) {
        if (!wanted.equals(rate)) {
            pace = new Pace(wanted, System.nanoTime());
            rate = wanted;
        }
        return pace;
    }
}
