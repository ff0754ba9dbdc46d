package io.sluice.core.pool;

import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.core.address.Addresses;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Decides which servers of one pool get connections, by name resolution, health checks, ejection after failures of live
 * traffic, administrative states, weights and slow start. Every change of a server's state is logged once, with its
 * reason, and replaces the pool's {@link Selections}. So does a change of its role, which does not depend on its state
 * ({@link Roles}).
 *
 * <p>Belongs to the control plane: it locks and logs. Workers tell {@link PassiveChecks} what they learn. Safe from any
 * thread.
 */
public final class ServerStates {

    private final Pool pool;
    private final Scheduler scheduler;
    private final LongSupplier nanoClock;
    private final Map<Server, Condition> conditions = new LinkedHashMap<>();
    private final Roles roles;
    private final PassiveChecks passiveChecks;
    private final Ejections ejections;
    private final SlowStart slowStart;
    private final Announcements announcements;
    private volatile Consumer<Server> askToCheck = server -> { };

    /** @param nanoClock as {@link System#nanoTime} */
    public ServerStates(Pool pool, Scheduler scheduler, LongSupplier nanoClock) {
        this.pool = pool;
        this.scheduler = scheduler;
        this.nanoClock = nanoClock;
        roles = new Roles(pool, nanoClock, this::suspect);
        passiveChecks = new PassiveChecks(pool, this);
        ejections = new Ejections(pool);
        slowStart = new SlowStart(pool.config().slowStart());
        announcements = new Announcements(pool);
        for (Server server : pool.servers()) {
            Condition condition = new Condition(pool.config());
            condition.join();
            conditions.put(server, condition);
        }
    }

    /**
     * A server is about to join the pool: what is learned about it counts, and is told, from {@link #adopt} on.
     *
     * @param next the configuration that it joins with
     */
    public synchronized void expect(Server server, PoolConfig next) {
        conditions.put(server, new Condition(next));
        roles.add(server);
    }

    /** Servers that were expected do not join after all. */
    public synchronized void forget(List<Server> expected) {
        expected.forEach(conditions::remove);
        roles.keep(conditions.keySet(), true);
    }

    /**
     * Puts another configuration in force. Servers that stay keep all that is known about them; servers that are not
     * among the members get no new connections.
     *
     * @param members as {@link Pool#serversFor} gave them; the new ones are expected
     */
    public synchronized void adopt(PoolConfig next, List<Server> members) {
        boolean countsAnew = !next.passive().equals(pool.config().passive())
                || next.http().passiveErrors() != pool.config().http().passiveErrors();
        pool.forgetPrimaryElsewhere(next, members);
        Set<Server> staying = new HashSet<>(members);
        List<Server> leaving = pool.servers().stream().filter(server -> !staying.contains(server)).toList();
        for (int i = 0; i < members.size(); i++) {
            configure(members.get(i), next.servers().get(i), next);
        }
        leaving.forEach(this::dismiss);
        conditions.keySet().retainAll(staying);
        roles.keep(staying, next.tellsRoles());
        slowStart.length(next.slowStart());
        pool.become(next, members);
        for (Server server : members) {
            if (countsAnew) {
                passiveChecks.forget(server);
            }
            String learned = conditions.get(server).join();
            update(server, learned == null ? "the configuration has changed" : learned);
        }
        Roles.Change change = roles.review();
        publish();
        // Who is pinned to a server that leaves, and waits for it, has to look for another one.
        leaving.forEach(server -> server.queue().wake(pool.home()));
        announcements.demoted(change.demoted());
    }

    private void configure(Server server, ServerConfig wanted, PoolConfig next) {
        AdminState before = server.adminState();
        server.config(wanted);
        conditions.get(server).learnAnew(next, before, server.adminState());
    }

    /** An operator has replaced the override for the server. */
    public synchronized void direct(Server server, Directive directive) {
        AdminState before = server.adminState();
        server.directive(directive);
        Condition condition = conditions.get(server);
        if (condition != null) {
            condition.learnAnew(pool.config(), before, server.adminState());
            // Before its first state is known, there is no change to announce.
            if (condition.known != null) {
                update(server, "the operator has changed it");
            }
            publish();
        }
    }

    private void dismiss(Server server) {
        server.state(ServerState.MAINTENANCE);
        announcements.leaves(server);
    }

    /** The health of a server of this pool, as known at this moment. */
    public synchronized Health health(Server server) {
        return conditions.get(server).health;
    }

    /** What live traffic is reported to. */
    public PassiveChecks passiveChecks() {
        return passiveChecks;
    }

    public void observe(PoolObserver observer) {
        announcements.add(observer);
    }

    public void unobserve(PoolObserver observer) {
        announcements.remove(observer);
    }

    /** Sets what has a suspected server checked soon; must not block. */
    public void onSuspicion(Consumer<Server> checker) {
        askToCheck = checker;
    }

    /** The clock of the times at which checks began. */
    public long nowNs() {
        return nanoClock.getAsLong();
    }

    /** The server's name has been resolved, for the first time or to another address. */
    public synchronized void resolved(Server server, InetSocketAddress address) {
        server.address(address);
        update(server, "its address is " + Addresses.toText(address.getAddress()));
    }

    /** The server's name does not resolve, and never has. */
    public synchronized void unresolved(Server server, String reason) {
        update(server, reason);
    }

    /**
     * A health check was good and has reported the server's role. That alone does not make the server healthy: see
     * {@link #healthy}.
     *
     * @param role      null if it is as it was, as far as the check could see
     * @param timeline  see {@link Roles}; 0 if there are none
     * @param detail    for the log; may be empty
     * @param startedNs when the check began, by {@link #nowNs}
     */
    public synchronized void found(Server server, Role role, long timeline, String detail, long startedNs) {
        if (!conditions.containsKey(server)) {
            return;
        }
        Role before = server.role();
        Roles.Change change = roles.report(server, role, timeline, detail, startedNs);
        if (server.role() == Role.PRIMARY) {
            pool.primarySeen(nanoClock.getAsLong());
        }
        if (change.any()) {
            publish();
            announcements.demoted(change.demoted());
            change.demoted().forEach(this::lookForPrimaryBut);
            if (server.state() == ServerState.UP && server.role() != before && server.role() != Role.NONE) {
                announcements.available(server);
            }
        }
        pool.giveAnotherChance(server);
    }

    /** Has the server checked soon, as it may have stopped working or changed its role. */
    public void suspect(Server server) {
        askToCheck.accept(server);
    }

    /** Health checks have settled that the server works. That also ends an ejection. */
    public synchronized void healthy(Server server, String reason) {
        Condition condition = conditions.get(server);
        if (condition != null) {
            condition.recovered();
            server.connectFailures().end();
            update(server, reason);
        }
    }

    /** Health checks have settled that the server does not work. */
    public synchronized void unhealthy(Server server, String reason) {
        Condition condition = conditions.get(server);
        if (condition != null) {
            condition.health = Health.BAD;
            update(server, reason);
        }
    }

    /** Live traffic has failed too often. The server stays in if the pool cannot spare it. */
    synchronized void eject(Server server, String reason) {
        passiveChecks.forget(server);
        Condition condition = conditions.get(server);
        if (condition == null || server.state() != ServerState.UP
                || !ejections.mayBegin(server, conditions.values(), condition, reason)) {
            return;
        }
        long lengthNs = ejections.begin(condition, nanoClock.getAsLong());
        long ejection = condition.lastEjection;
        scheduler.schedule(() -> readmit(server, ejection), lengthNs);
        update(server, reason + "; out for " + TimeUnit.NANOSECONDS.toMillis(lengthNs) + " ms");
    }

    private synchronized void readmit(Server server, long ejection) {
        Condition condition = conditions.get(server);
        if (condition != null && condition.ejected && condition.lastEjection == ejection) {
            condition.ejected = false;
            condition.readmittedNs = nanoClock.getAsLong();
            update(server, "its ejection is over");
        }
    }

    /** Derives the server's state and, if it has changed or is the first, publishes and announces it. */
    private void update(Server server, String reason) {
        Condition condition = conditions.get(server);
        // Late results about a server that has left the pool do not matter any more.
        if (condition == null || condition.keeps(reason)) {
            return;
        }
        ServerState before = server.state();
        ServerState after = condition.stateOf(server);
        boolean awaitsCheck = condition.awaitsCheck(server);
        if (before == after && (awaitsCheck || condition.known == after)) {
            return;
        }
        if (condition.known == ServerState.DOWN && after == ServerState.UP) {
            startSlowly(server);
        }
        boolean wasPrimary = before == ServerState.UP && server.role() == Role.PRIMARY;
        server.state(after);
        Roles.Change change = roles.review();
        publish();
        ServerState told = before == after || condition.known == null ? condition.known : before;
        announcements.changed(server, told, awaitsCheck ? "it has yet to be checked" : reason);
        if (!awaitsCheck) {
            settle(server, condition, after);
        }
        announcements.demoted(change.demoted());
        if (after == ServerState.UP) {
            announcements.available(server);
        }
        if (wasPrimary) {
            lookForPrimaryBut(server);
        }
    }

    private void settle(Server server, Condition condition, ServerState state) {
        if (state == ServerState.DOWN && condition.known != null && condition.known != ServerState.DOWN) {
            announcements.down(server);
        }
        condition.known = state;
    }

    /**
     * If there is no primary, has the other servers checked soon, so that the next primary is found before their
     * regular checks.
     */
    private void lookForPrimaryBut(Server last) {
        if (!pool.hasPrimary()) {
            pool.servers().stream().filter(server -> server != last).forEach(this::suspect);
        }
    }

    private void publish() {
        List<Server> up = pool.servers().stream().filter(server -> server.state() == ServerState.UP).toList();
        long nowNs = nanoClock.getAsLong();
        pool.select(Selections.of(pool.config().balance(), up, servers -> slowStart.weightsOf(servers, nowNs)));
    }

    private void startSlowly(Server server) {
        long nowNs = nanoClock.getAsLong();
        if (slowStart.begin(server, nowNs)) {
            scheduler.schedule(() -> rampStep(server, nowNs), slowStart.stepNs());
        }
    }

    /** @param sinceNs when the server came back; if it came back again meanwhile, that has its own steps */
    private synchronized void rampStep(Server server, long sinceNs) {
        if (!slowStart.applies(server, sinceNs)) {
            return;
        }
        boolean goesOn = slowStart.step(server, nanoClock.getAsLong());
        publish();
        if (goesOn) {
            scheduler.schedule(() -> rampStep(server, sinceNs), slowStart.stepNs());
        }
    }
}
