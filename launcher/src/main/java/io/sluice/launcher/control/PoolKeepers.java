package io.sluice.launcher.control;

import io.sluice.config.PoolConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.worker.Worker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keepers of all pools; resolves and checks the servers of the next generation before it serves. For one reload at
 * a time; {@link #giveUp} is safe from any thread.
 */
final class PoolKeepers {

    /** How long to wait for servers' host names; a server whose name takes longer is down until it is resolved. */
    private static final Duration NAMES_PATIENCE = Duration.ofSeconds(5);

    private final Machine machine;
    private Map<String, PoolKeeper> current = Map.of();
    private int poolsMade;
    private final Object learning = new Object();
    /** The thread in {@link #learn}, or null. Guarded by {@code learning}. */
    private Thread learner;
    private volatile boolean givenUp;

    PoolKeepers(Machine machine) {
        this.machine = machine;
    }

    /** The keeper of a pool in force. */
    Optional<PoolKeeper> of(String pool) {
        return Optional.ofNullable(current.get(pool));
    }

    /** The keepers for another configuration: those of pools in force, and new ones. */
    Map<String, PoolKeeper> of(SluiceConfig next) {
        Map<String, PoolKeeper> kept = new LinkedHashMap<>();
        for (PoolConfig pool : next.pools()) {
            kept.put(pool.name(), of(pool.name()).orElseGet(() -> newKeeper(pool)));
        }
        return kept;
    }

    private PoolKeeper newKeeper(PoolConfig pool) {
        Worker home = machine.workers().get(poolsMade++ % machine.workers().size());
        return new PoolKeeper(pool, home.loop().mailbox(), machine);
    }

    /** The keepers whose pools change, with their next plans. */
    static Map<PoolKeeper, PoolPlan> changed(Assembly next, Map<String, PoolKeeper> keepers) {
        Map<PoolKeeper, PoolPlan> changed = new LinkedHashMap<>();
        next.pools().forEach((name, plan) -> {
            if (keepers.get(name).isNew(plan)) {
                changed.put(keepers.get(name), plan);
            }
        });
        return changed;
    }

    /**
     * Resolves the names of the servers that join, and runs their first health checks, all at the same time.
     *
     * @throws InterruptedException also after {@link #giveUp}
     */
    void learn(Assembly next, Map<String, PoolKeeper> nextKeepers) throws InterruptedException {
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
            if (givenUp) {
                throw new InterruptedException();
            }
        } finally {
            synchronized (learning) {
                learner = null;
            }
        }
    }

    /** Interrupts a running {@link #learn}; later calls fail, too. */
    void giveUp() {
        givenUp = true;
        synchronized (learning) {
            if (learner != null) {
                learner.interrupt();
            }
        }
    }

    /** Puts these keepers in force and closes the others. */
    void become(Map<String, PoolKeeper> next) {
        current.forEach((name, keeper) -> {
            if (next.get(name) != keeper) {
                keeper.close();
            }
        });
        current = next;
    }
}
