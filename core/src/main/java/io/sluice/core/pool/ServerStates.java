package io.sluice.core.pool;

import io.sluice.config.PassiveConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.InitialState;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What decides which servers of one pool get connections: name resolution, health checks, ejection after failed
 * connection attempts, the weight in the configuration, slow start. Every change of a server's state is logged once,
 * with its reason, and the pool's {@link Selections} replaced. So it is with its role, which is a thing apart: a server
 * that is up may have any ({@link Roles}).
 *
 * <p>Belongs to the control plane: it locks and logs. {@link #connectFailed}, {@link #connectSucceeded},
 * {@link #exchangeFailed}, {@link #exchangeSucceeded} and {@link #suspect} are for workers and never block. Safe from
 * any thread.
 */
public final class ServerStates {

    private static final Logger LOG = LoggerFactory.getLogger(ServerStates.class);

    private final Pool pool;
    private final PoolConfig config;
    private final Scheduler scheduler;
    private final LongSupplier nanoClock;
    private final Map<Server, Condition> conditions = new LinkedHashMap<>();
    private final Roles roles;
    private final SlowStart slowStart;
    private final List<PoolObserver> observers = new CopyOnWriteArrayList<>();
    private volatile Consumer<Server> askToCheck = server -> { };

    /** @param nanoClock as {@link System#nanoTime} */
    public ServerStates(Pool pool, Scheduler scheduler, LongSupplier nanoClock) {
        this.pool = pool;
        this.config = pool.config();
        this.scheduler = scheduler;
        this.nanoClock = nanoClock;
        roles = new Roles(pool, nanoClock, this::suspect);
        slowStart = new SlowStart(config.slowStart());
        boolean healthy = config.healthCheck().isEmpty() || config.initialState() == InitialState.UP;
        for (Server server : pool.servers()) {
            conditions.put(server, new Condition(healthy ? Condition.Health.GOOD : Condition.Health.UNKNOWN));
        }
    }

    public void observe(PoolObserver observer) {
        observers.add(observer);
    }

    /** Who has a server checked soon when there is reason to; must not block. */
    public void onSuspicion(Consumer<Server> checker) {
        askToCheck = checker;
    }

    /** The clock by which checks tell when they began. */
    public long nowNs() {
        return nanoClock.getAsLong();
    }

    /** The server's name has been resolved, for the first time or to another address. */
    public synchronized void resolved(Server server, InetSocketAddress address) {
        server.address(address);
        update(server, "its address is " + address.getAddress().getHostAddress());
    }

    /** The server's name does not resolve, and never has. */
    public synchronized void unresolved(Server server, String reason) {
        update(server, reason);
    }

    /**
     * A health check was good, which may or may not settle that the server works, and has told the server's role.
     *
     * @param timeline  see {@link Roles}; 0 if there are none
     * @param detail    for the log; may be empty
     * @param startedNs when the check began, by {@link #nowNs}
     */
    public synchronized void found(Server server, Role role, long timeline, String detail, long startedNs) {
        Roles.Change change = roles.report(server, role, timeline, detail, startedNs);
        if (change.any()) {
            publish();
            tellOf(change.demoted());
        }
        pool.giveAnotherChance(server);
    }

    /** Live traffic has reason to doubt that the server works, or works as it did. */
    public void suspect(Server server) {
        askToCheck.accept(server);
    }

    /** Health checks have settled that the server works. That also ends an ejection. */
    public synchronized void healthy(Server server, String reason) {
        Condition condition = conditions.get(server);
        condition.health = Condition.Health.GOOD;
        condition.ejected = false;
        condition.ejections = 0;
        server.connectSucceeded();
        update(server, reason);
    }

    /** Health checks have settled that the server does not work. */
    public synchronized void unhealthy(Server server, String reason) {
        conditions.get(server).health = Condition.Health.BAD;
        update(server, reason);
    }

    /** A connection attempt by live traffic has failed. Enough of them in a row eject the server. */
    public void connectFailed(Server server) {
        suspect(server);
        int most = config.passive().connectFailures();
        if (most > 0 && server.connectFailed() == most) {
            // Ejecting locks and logs, which is not for a worker's thread.
            Thread.startVirtualThread(() -> eject(server, most + " connection attempts in a row failed"));
        }
    }

    /** An exchange has failed by the server's fault: a 5xx, a timeout, a broken response. Enough in a row eject it. */
    public void exchangeFailed(Server server) {
        int most = config.http().passiveErrors();
        if (most > 0 && server.exchangeFailed() == most) {
            Thread.startVirtualThread(() -> eject(server, most + " responses in a row were errors"));
        }
    }

    /** An exchange has succeeded. */
    public void exchangeSucceeded(Server server) {
        server.exchangeSucceeded();
    }

    /** A connection attempt by live traffic has succeeded. */
    public void connectSucceeded(Server server) {
        server.connectSucceeded();
    }

    private synchronized void eject(Server server, String reason) {
        server.connectSucceeded();
        server.exchangeSucceeded();
        if (server.state() != ServerState.UP) {
            return;
        }
        Condition condition = conditions.get(server);
        PassiveConfig passive = config.passive();
        if (!mayEjectOneMore() || isLastUp(server)) {
            if (!condition.toldToStay) {
                LOG.warn("server {}/{} stays in although {}: it is the last one up in its role, or max-ejected of {}% is reached",
                        pool.name(), server.name(), reason, passive.maxEjectedPercent());
            }
            condition.toldToStay = true;
            return;
        }
        condition.toldToStay = false;
        condition.countEjection(nanoClock.getAsLong(), passive.ejectFor().toNanos());
        condition.ejected = true;
        long ejection = condition.lastEjection;
        long lengthNs = Math.min(
                condition.ejections * passive.ejectFor().toNanos(), PassiveConfig.MAX_EJECTION.toNanos());
        scheduler.schedule(() -> readmit(server, ejection), lengthNs);
        update(server, reason + "; out for " + TimeUnit.NANOSECONDS.toMillis(lengthNs) + " ms");
    }

    /** Whether no other server is up that could take its place. */
    private boolean isLastUp(Server server) {
        return pool.servers().stream().noneMatch(other -> other != server && other.state() == ServerState.UP
                && other.role() == server.role());
    }

    private boolean mayEjectOneMore() {
        long ejected = conditions.values().stream().filter(condition -> condition.ejected).count();
        return (ejected + 1) * 100 <= (long) config.passive().maxEjectedPercent() * conditions.size();
    }

    private synchronized void readmit(Server server, long ejection) {
        Condition condition = conditions.get(server);
        if (condition.ejected && condition.lastEjection == ejection) {
            condition.ejected = false;
            condition.readmittedNs = nanoClock.getAsLong();
            update(server, "its ejection is over");
        }
    }

    /** Derives the server's state anew and, if that is another one or the first, tells of it and acts on it. */
    private void update(Server server, String reason) {
        Condition condition = conditions.get(server);
        ServerState before = server.state();
        ServerState after = condition.stateOf(server);
        if (after == ServerState.DOWN && server.address() != null && condition.health == Condition.Health.UNKNOWN) {
            // Nothing is known yet, so there is nothing to tell.
            return;
        }
        if (before == after && condition.told) {
            return;
        }
        if (condition.told && before == ServerState.DOWN && after == ServerState.UP) {
            startSlowly(server);
        }
        server.state(after);
        Roles.Change change = roles.review();
        publish();
        tell(server, condition.told ? before : null, reason);
        condition.told = true;
        if (after == ServerState.DOWN && before != ServerState.DOWN) {
            observers.forEach(observer -> observer.onDown(pool, server));
        }
        tellOf(change.demoted());
    }

    /** Only now, as no one picks them any more. */
    private void tellOf(List<Server> demoted) {
        demoted.forEach(server -> observers.forEach(observer -> observer.onDemoted(pool, server)));
    }

    private void tell(Server server, ServerState before, String reason) {
        ServerState now = server.state();
        boolean configured = now == ServerState.MAINTENANCE || now == ServerState.DRAINING;
        LOG.atLevel(now == ServerState.UP ? Level.INFO : Level.WARN).log(
                "server {}/{} is {}{}: {}; {} of {} servers up, {} connections on this one", pool.name(), server.name(),
                now, before == null ? "" : " (was " + before + ")", configured ? "as configured" : reason, countUp(),
                pool.servers().size(), server.connections());
    }

    private long countUp() {
        return pool.servers().stream().filter(server -> server.state() == ServerState.UP).count();
    }

    private void publish() {
        List<Server> up = pool.servers().stream().filter(server -> server.state() == ServerState.UP).toList();
        long nowNs = nanoClock.getAsLong();
        pool.select(Selections.of(config.balance(), up, servers -> slowStart.weightsOf(servers, nowNs)));
    }

    private void startSlowly(Server server) {
        if (slowStart.begin(server, nanoClock.getAsLong())) {
            scheduler.schedule(() -> rampStep(server), slowStart.stepNs());
        }
    }

    private synchronized void rampStep(Server server) {
        if (!slowStart.applies(server)) {
            return;
        }
        if (server.state() != ServerState.UP) {
            slowStart.end(server);
            return;
        }
        boolean goesOn = slowStart.step(server, nanoClock.getAsLong());
        publish();
        if (goesOn) {
            scheduler.schedule(() -> rampStep(server), slowStart.stepNs());
        }
    }
}
