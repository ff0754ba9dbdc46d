package io.sluice.core.pool;

import io.sluice.config.PassiveConfig;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a server may be ejected, and for how long. Guarded by its {@link ServerStates}. */
final class Ejections {

    private static final Logger LOG = LoggerFactory.getLogger(Ejections.class);

    private final Pool pool;

    Ejections(Pool pool) {
        this.pool = pool;
    }

    /** Whether the pool can spare the server. If not, that is logged once until it can. */
    boolean mayBegin(Server server, Collection<Condition> all, Condition condition, String reason) {
        boolean may = !isLastUp(server) && mayEjectOneMore(all);
        if (!may && !condition.toldToStay) {
            LOG.warn("server {}/{} stays in although {}: it is the last one up in its role, or max-ejected of {}% is "
                    + "reached", pool.name(), server.name(), reason, passive().maxEjectedPercent());
        }
        condition.toldToStay = !may;
        return may;
    }

    /**
     * Counts one more ejection of a server and returns its length: each further one in a row is longer, up to a bound.
     */
    long begin(Condition condition, long nowNs) {
        long unitNs = passive().ejectFor().toNanos();
        condition.countEjection(nowNs, unitNs);
        condition.ejected = true;
        return Math.min(condition.ejections * unitNs, PassiveConfig.MAX_EJECTION.toNanos());
    }

    /** Whether no other server of the same role is up. */
    private boolean isLastUp(Server server) {
        return pool.servers().stream().noneMatch(other -> other != server && other.state() == ServerState.UP
                && other.role() == server.role());
    }

    private boolean mayEjectOneMore(Collection<Condition> all) {
        long ejected = all.stream().filter(condition -> condition.ejected).count();
        return (ejected + 1) * 100 <= (long) passive().maxEjectedPercent() * all.size();
    }

    private PassiveConfig passive() {
        return pool.config().passive();
    }
}
