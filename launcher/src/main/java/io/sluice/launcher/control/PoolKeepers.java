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
 * The keepers of all pools, and what a generation has to learn of its servers before it serves. For one reload at a
 * time; {@link #giveUp} is safe from any thread.
 */
final class PoolKeepers {

    /** How long servers' host names are waited for; a server whose name takes longer is down until then. */
    private static final Duration NAMES_PATIENCE = Duration.ofSeconds(5);

    private final Machine machine;
    private Map<String, PoolKeeper> current = Map.of();
    private int poolsMade;
    private final Object learning = new Object();
    /** Who waits for the states of servers at present, or null. Guarded by {@code learning}. */
    private Thread learner;
    private volatile boolean givenUp;

    PoolKeepers(Machine machine) {
        this.machine = machine;
    }

    /** Of a pool that is served at present. */
    Optional<PoolKeeper> of(String pool) {
        return Optional.ofNullable(current.get(pool));
    }

    /** Those that are needed for another configuration: those that there are, and new ones. */
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

    /** Those whose pools are not as before, with what they are to be. */
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
     * Resolves the names of servers that come, and has all their first health checks run at the same time.
     *
     * @throws InterruptedException also if that is given up
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

    /** Nothing is learned any more: who waits for it does so no longer. */
    void giveUp() {
        givenUp = true;
        synchronized (learning) {
            if (learner != null) {
                learner.interrupt();
            }
        }
    }

    /** These serve from now on; those that are not among them end. */
    void become(Map<String, PoolKeeper> next) {
        current.forEach((name, keeper) -> {
            if (next.get(name) != keeper) {
                keeper.close();
            }
        });
        current = next;
    }
}
