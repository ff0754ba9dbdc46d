package io.sluice.launcher.control;

import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.core.health.HealthChecker;
import io.sluice.core.loop.Mailbox;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.tls.ClientTls;
import io.sluice.l4.postgres.CancelKeys;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One pool and what keeps its servers' states up to date: name resolution, health checks, operators' directives. Lasts
 * from the generation that adds the pool to the one that removes it. A server that joins is resolved and checked before
 * it gets clients.
 *
 * <pre>
 *   plan ──▶ resolve ──▶ check ──▶ awaitChecks ──▶ adopt
 *               └──────────┴────────────┴──▶ abandon
 * </pre>
 *
 * <p>Owned by the control plane, one reload at a time.
 */
final class PoolKeeper {

    private final Machine machine;
    private final Pool pool;
    private final ServerStates states;
    private final CancelKeys cancelKeys = new CancelKeys();
    private PoolPlan inForce;
    /** Null if servers are not checked. */
    private HealthChecker checker;
    /** The checker of the next generation; the same as {@code checker} if checks stay as they are. */
    private HealthChecker nextChecker;
    private boolean started;

    PoolKeeper(PoolConfig config, Mailbox home, Machine machine) {
        this.machine = machine;
        pool = new Pool(config);
        pool.home(home);
        states = new ServerStates(pool, machine.scheduler(), System::nanoTime);
        states.observe(new SessionEnds(machine.workers()));
        inForce = PoolPlan.of(pool, states, config);
    }

    /** The pool's plan for this configuration; the plan in force if the configuration is the same. Changes nothing. */
    PoolPlan plan(PoolConfig next) {
        return next.equals(inForce.config()) ? inForce : PoolPlan.of(pool, states, next);
    }

    /** Whether the plan changes anything. */
    boolean isNew(PoolPlan plan) {
        return !started || plan != inForce;
    }

    /** Begins to resolve the names of the servers that join. */
    void resolve(PoolPlan plan) {
        List<Server> coming = coming(plan);
        if (started) {
            coming.forEach(server -> states.expect(server, plan.config()));
        }
        coming.forEach(this::direct);
        machine.resolver().start(pool, coming, states);
    }

    /** Begins to check the servers that join. @param tls for checks over TLS; null if checks use none */
    void check(PoolPlan plan, ClientTls tls) {
        boolean stays = started && checksAlike(plan.config(), inForce.config());
        nextChecker = stays ? checker : newChecker(plan.config(), tls);
        if (nextChecker != null) {
            states.onSuspicion(nextChecker::checkSoon);
            nextChecker.start(coming(plan));
        }
    }

    /** Waits until each joining server has been checked once, if {@code initial-state} asks for that. */
    void awaitChecks(PoolPlan plan) throws InterruptedException {
        if (nextChecker != null && plan.config().initialState() == InitialState.CHECKED) {
            nextChecker.awaitFirstRound();
        }
    }

    /** Gives the plan up and goes back to the one in force. */
    void abandon(PoolPlan plan) {
        List<Server> coming = coming(plan);
        machine.resolver().stop(coming);
        if (nextChecker != null && nextChecker != checker) {
            nextChecker.close();
        }
        nextChecker = checker;
        checkMembers();
        if (started) {
            states.forget(coming);
        }
    }

    /** Puts the plan in force. */
    void adopt(PoolPlan plan) {
        if (started) {
            List<Server> leaving = without(pool.servers(), plan.servers());
            states.adopt(plan.config(), plan.servers());
            machine.resolver().stop(leaving);
        }
        if (checker != null && checker != nextChecker) {
            checker.close();
        }
        checker = nextChecker;
        checkMembers();
        inForce = plan;
        started = true;
    }

    /** Applies a changed directive of an operator to a server of the pool. */
    void redirect(Server server) {
        direct(server);
        checkMembers();
    }

    private void direct(Server server) {
        states.direct(server, machine.directives().of(pool.name(), server.name()));
    }

    /** Has the checker in force check all servers of the pool and no others, a suspected one soon. */
    private void checkMembers() {
        states.onSuspicion(checker == null ? _ -> { } : checker::checkSoon);
        if (checker != null) {
            checker.keep(pool.servers());
            checker.start(pool.servers());
        }
    }

    /** Ends resolution and checks; the pool gets no more clients. */
    void close() {
        machine.resolver().stop(pool.servers());
        if (checker != null) {
            checker.close();
        }
    }

    Pool pool() {
        return pool;
    }

    /** The cancel keys of the PostgreSQL sessions on the pool's servers, across generations. */
    CancelKeys cancelKeys() {
        return cancelKeys;
    }

    private List<Server> coming(PoolPlan plan) {
        return started ? without(plan.servers(), pool.servers()) : plan.servers();
    }

    private static List<Server> without(List<Server> servers, List<Server> others) {
        Set<Server> excluded = new HashSet<>(others);
        return servers.stream().filter(server -> !excluded.contains(server)).toList();
    }

    private HealthChecker newChecker(PoolConfig config, ClientTls tls) {
        return config.healthCheck().map(check -> new HealthChecker(pool, states, check,
                server -> ProbeFactory.make(pool, config, server, check, tls))).orElse(null);
    }

    /** Whether both configurations mean the same health checks. */
    private static boolean checksAlike(PoolConfig one, PoolConfig other) {
        return one.healthCheck().equals(other.healthCheck()) && one.source().equals(other.source())
                && one.sendProxyProtocol() == other.sendProxyProtocol() && one.tls().equals(other.tls())
                && one.timeouts().connect().equals(other.timeouts().connect());
    }
}
