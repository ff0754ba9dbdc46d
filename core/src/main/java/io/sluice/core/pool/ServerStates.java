package io.sluice.core.pool;

import io.sluice.config.PassiveConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What decides which servers of one pool get connections: name resolution, health checks, ejection after failed
 * connection attempts, the weight in the configuration, slow start. Every change of a server's state is logged once,
 * with its reason, and the pool's {@link Selection} replaced.
 *
 * <p>Belongs to the control plane: it locks and logs. {@link #connectFailed} and {@link #connectSucceeded} are for
 * workers and never block. Safe from any thread.
 */
public final class ServerStates {

    /** Steps in which a recovering server's weight grows. */
    private static final int RAMP_STEPS = 20;
    /** Weights are multiplied by this while one grows, so that steps are finer than whole weights. */
    private static final int RAMP_SCALE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(ServerStates.class);

    private final Pool pool;
    private final PoolConfig config;
    private final Scheduler scheduler;
    private final LongSupplier nanoClock;
    private final Map<Server, Condition> conditions = new LinkedHashMap<>();
    private final List<PoolObserver> observers = new CopyOnWriteArrayList<>();

    /** @param nanoClock as {@link System#nanoTime} */
    public ServerStates(Pool pool, Scheduler scheduler, LongSupplier nanoClock) {
        this.pool = pool;
        this.config = pool.config();
        this.scheduler = scheduler;
        this.nanoClock = nanoClock;
        boolean healthy = config.healthCheck().isEmpty() || config.initialState() == InitialState.UP;
        for (Server server : pool.servers()) {
            conditions.put(server, new Condition(healthy ? Health.GOOD : Health.UNKNOWN));
        }
    }

    public void observe(PoolObserver observer) {
        observers.add(observer);
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

    /** Health checks have settled that the server works. That also ends an ejection. */
    public synchronized void healthy(Server server, String reason) {
        Condition condition = conditions.get(server);
        condition.health = Health.GOOD;
        condition.ejected = false;
        condition.ejections = 0;
        server.connectSucceeded();
        update(server, reason);
    }

    /** Health checks have settled that the server does not work. */
    public synchronized void unhealthy(Server server, String reason) {
        conditions.get(server).health = Health.BAD;
        update(server, reason);
    }

    /** A connection attempt by live traffic has failed. Enough of them in a row eject the server. */
    public void connectFailed(Server server) {
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
        if (!mayEjectOneMore() || countUp() == 1) {
            if (!condition.toldToStay) {
                LOG.warn("server {}/{} stays in although {}: it is the last one up, or max-ejected of {}% is reached",
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
        if (after == ServerState.DOWN && server.address() != null && condition.health == Health.UNKNOWN) {
            // Nothing is known yet, so there is nothing to tell.
            return;
        }
        if (before == after && condition.told) {
            return;
        }
        boolean recovered = condition.told && before == ServerState.DOWN && after == ServerState.UP;
        if (recovered && config.slowStart().isPositive()) {
            condition.recoveredNs = nanoClock.getAsLong();
            condition.rampingUp = true;
            scheduleRampStep(server);
        }
        server.state(after);
        publish();
        tell(server, condition.told ? before : null, reason);
        condition.told = true;
        if (after == ServerState.DOWN && before != ServerState.DOWN) {
            observers.forEach(observer -> observer.onDown(pool, server));
        }
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

    /** The servers that are up, the backups behind the others. */
    private void publish() {
        List<Server> up = pool.servers().stream().filter(server -> server.state() == ServerState.UP).toList();
        List<Server> regular = up.stream().filter(server -> !server.config().backup()).toList();
        List<Server> backups = up.stream().filter(server -> server.config().backup()).toList();
        Selection behind = backups.isEmpty() ? null : selection(backups, null);
        pool.select(regular.isEmpty() && behind != null ? behind : selection(regular, behind));
    }

    private Selection selection(List<Server> chosen, Selection behind) {
        return Selection.of(config.balance(), chosen, weightsOf(chosen), behind);
    }

    private int[] weightsOf(List<Server> chosen) {
        boolean anyRamps = chosen.stream().anyMatch(server -> conditions.get(server).rampingUp);
        long nowNs = nanoClock.getAsLong();
        return chosen.stream().mapToInt(server -> {
            int weight = server.config().weight();
            Condition condition = conditions.get(server);
            if (condition.rampingUp) {
                return condition.rampedWeight(weight * RAMP_SCALE, nowNs, config.slowStart().toNanos());
            }
            return anyRamps ? weight * RAMP_SCALE : weight;
        }).toArray();
    }

    private void scheduleRampStep(Server server) {
        scheduler.schedule(() -> rampStep(server), config.slowStart().toNanos() / RAMP_STEPS);
    }

    private synchronized void rampStep(Server server) {
        Condition condition = conditions.get(server);
        if (!condition.rampingUp || server.state() != ServerState.UP) {
            condition.rampingUp = false;
            return;
        }
        condition.rampingUp = nanoClock.getAsLong() - condition.recoveredNs < config.slowStart().toNanos();
        publish();
        if (condition.rampingUp) {
            scheduleRampStep(server);
        }
    }

    private enum Health { UNKNOWN, GOOD, BAD }

    /** The facts that one server's state follows from. Guarded by {@link ServerStates}. */
    private static final class Condition {

        private Health health;
        private boolean ejected;
        /** Ejections without a lasting readmission between them. */
        private int ejections;
        /** Number of the latest ejection, never used again, so that a timer knows whether it is for this one. */
        private long lastEjection;
        private long readmittedNs;
        private boolean rampingUp;
        private long recoveredNs;
        /** Whether it has been logged that the server should be out but may not; once for each row of such times. */
        private boolean toldToStay;
        /** Whether a state has been logged yet. */
        private boolean told;

        Condition(Health health) {
            this.health = health;
        }

        ServerState stateOf(Server server) {
            ServerConfig serverConfig = server.config();
            if (serverConfig.state() == AdminState.MAINTENANCE) {
                return ServerState.MAINTENANCE;
            }
            if (server.address() == null || health != Health.GOOD) {
                return ServerState.DOWN;
            }
            if (serverConfig.weight() == 0 || serverConfig.state() == AdminState.DRAIN) {
                return ServerState.DRAINING;
            }
            return ejected ? ServerState.EJECTED : ServerState.UP;
        }

        /** A server that was good for longer than it had been out starts over. */
        void countEjection(long nowNs, long ejectForNs) {
            boolean lasted = nowNs - readmittedNs > ejections * ejectForNs;
            ejections = ejections == 0 || lasted ? 1 : ejections + 1;
            lastEjection++;
        }

        /** Linear from the first step's share to the whole. */
        int rampedWeight(int fullWeight, long nowNs, long slowStartNs) {
            double share = (double) (nowNs - recoveredNs) / slowStartNs;
            return (int) Math.max(1, fullWeight * Math.clamp(share, 1.0 / RAMP_STEPS, 1.0));
        }
    }
}
