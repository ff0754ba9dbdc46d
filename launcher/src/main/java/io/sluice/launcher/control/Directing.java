package io.sluice.launcher.control;

import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.core.pool.Directive;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.Server;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Applies operators' directives to servers at run time. Safe from any thread. */
public final class Directing {

    private final Directives directives;
    private final Supplier<Assembly> current;
    private final PoolKeepers keepers;
    private final ReentrantLock reloading;

    /** @param reloading guards the keepers */
    Directing(Directives directives, Supplier<Assembly> current, PoolKeepers keepers, ReentrantLock reloading) {
        this.directives = directives;
        this.current = current;
        this.keepers = keepers;
        this.reloading = reloading;
    }

    /**
     * Replaces the directive of a server; it holds until the server leaves the configuration. Clients notice at once,
     * health checks by {@link #settle}, which has to follow.
     *
     * @throws NoSuchElementException if there is no such server
     */
    public void direct(String pool, String server, Directive directive) {
        PoolPlan plan = Optional.ofNullable(current.get().pools().get(pool))
                .orElseThrow(() -> new NoSuchElementException("no pool is named " + pool));
        Server found = plan.pool().servers().stream().filter(one -> one.name().equals(server)).findFirst()
                .orElseThrow(() -> new NoSuchElementException("no server of pool " + pool + " is named " + server));
        directives.put(pool, server, directive);
        plan.states().direct(found, directive);
    }

    /**
     * Applies the directive of a server to its health checks, and to a server that a reload has put in its place.
     * Returns when that is done, after a reload that is under way.
     */
    public void settle(String pool, String server) throws InterruptedException {
        reloading.lockInterruptibly();
        try {
            keepers.of(pool).ifPresent(keeper -> keeper.pool().servers().stream()
                    .filter(one -> one.name().equals(server)).forEach(keeper::redirect));
        } finally {
            reloading.unlock();
        }
    }

    /** Applies what another process has written into the state file since this process read it. */
    public void catchUp() throws LaunchException, InterruptedException {
        SluiceConfig config = current.get().config();
        Directives latest = Directives.load(config.stateFile());
        for (PoolConfig pool : config.pools()) {
            for (ServerConfig server : pool.servers()) {
                Directive said = latest.of(pool.name(), server.name());
                if (!said.equals(directives.of(pool.name(), server.name()))) {
                    direct(pool.name(), server.name(), said);
                    settle(pool.name(), server.name());
                }
            }
        }
    }
}
