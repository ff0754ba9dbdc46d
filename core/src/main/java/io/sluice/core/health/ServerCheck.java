package io.sluice.core.health;

import io.sluice.config.HealthCheckConfig.Schedule;
import io.sluice.core.pool.CheckResult;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks one server again and again: at intervals with random jitter, so that checks of several servers do not
 * coincide, and sooner on suspicion. Runs on a thread of its own; {@link #checkSoon} and {@link #close} are safe from
 * any.
 */
final class ServerCheck implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);

    /** An interval varies by this part of it in either direction. */
    private static final double JITTER = 0.1;
    /** How often an unresolved name is looked at again; looking costs nothing, the resolver does the work. */
    private static final Duration UNTIL_RESOLVED = Duration.ofMillis(100);
    /** The shortest pause between two checks, even if the next one is asked for early. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(100);

    private final Pool pool;
    private final Server server;
    private final ServerStates states;
    private final Schedule schedule;
    private final Function<Server, Probe> probes;
    private final Runnable afterFirst;
    private final RiseFall riseFall;
    private final Thread thread;
    private final AtomicBoolean soon = new AtomicBoolean();
    /** Whether the last check could not be made. */
    private boolean failing;
    private volatile boolean closed;
    /** Whether the thread waits until the next check is due. Guarded by this. */
    private boolean pausing;

    /** @param afterFirst called when the first check has been made, or need not be waited for */
    ServerCheck(Pool pool, Server server, ServerStates states, Schedule schedule, Function<Server, Probe> probes,
                Runnable afterFirst) {
        this.pool = pool;
        this.server = server;
        this.states = states;
        this.schedule = schedule;
        this.probes = probes;
        this.afterFirst = afterFirst;
        riseFall = new RiseFall(schedule.rise(), schedule.fall());
        switch (states.health(server)) {
            case GOOD -> riseFall.assume(true);
            case BAD -> riseFall.assume(false);
            case UNKNOWN -> { }
        }
        thread = Thread.ofVirtual().name("check " + pool.name() + "/" + server.name()).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /**
     * Has the next check made at once, or after the one that is under way. Has no effect while a change between up and
     * down is under way, as {@code fast-interval} applies then. Costs only a read if it was asked for already.
     */
    void checkSoon() {
        if (!soon.get() && soon.compareAndSet(false, true)) {
            // Interrupting takes a lock, which is not for a worker's thread.
            Thread.startVirtualThread(this::interruptPause);
        }
    }

    void close() {
        closed = true;
        thread.interrupt();
    }

    @Override
    public void run() {
        try (Probe probe = probes.apply(server)) {
            checkFirst(probe);
            // A random first pause, so that the servers' checks do not coincide.
            pause(probe, schedule.interval().multipliedBy(ThreadLocalRandom.current().nextInt(1000)).dividedBy(1000));
            for (;;) {
                check(probe);
                pause(probe, jittered(interval()));
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void checkFirst(Probe probe) throws InterruptedException {
        if (server.address() == null) {
            // The resolver has reported this, and nobody should wait for this server.
            afterFirst.run();
            while (server.address() == null) {
                Thread.sleep(UNTIL_RESOLVED);
            }
            check(probe);
        } else {
            check(probe);
            afterFirst.run();
        }
    }

    private void check(Probe probe) throws InterruptedException {
        InetSocketAddress address = server.address();
        soon.set(false);
        long startedNs = states.nowNs();
        Finding finding = null;
        String failure = null;
        try {
            finding = probe.check(address, schedule.timeout());
        } catch (OwnFailureException e) {
            tellOwn(e);
            return;
        } catch (IOException | RuntimeException e) {
            failure = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        failing = false;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        server.lastCheck(new CheckResult(Instant.now(), finding != null, finding != null ? finding.detail() : failure,
                states.nowNs() - startedNs));
        if (finding != null) {
            states.found(server, finding.role(), finding.timeline(), finding.detail(), startedNs);
        }
        switch (riseFall.onCheck(finding != null)) {
            case UP -> states.healthy(server, "its health check succeeded");
            case DOWN -> states.unhealthy(server, "its health check failed: " + failure);
            case UNCHANGED -> { }
        }
    }

    /** This host could not make the check: the server keeps its state. */
    private void tellOwn(OwnFailureException failure) {
        if (!failing) {
            LOG.warn("server {}/{} cannot be checked and stays as it is: {}; logged once until it can be", pool.name(),
                    server.name(), failure.getMessage());
        }
        failing = true;
    }

    private void pause(Probe probe, Duration length) throws InterruptedException {
        long startNs = System.nanoTime();
        if (beginPause()) {
            try {
                probe.pause(length);
            } catch (InterruptedException e) {
                // Closed, or asked to check soon.
            } finally {
                endPause();
            }
        }
        long leastNs = Math.min(length.toNanos(), LEAST_PAUSE.toNanos());
        Thread.sleep(Duration.ofNanos(Math.max(0, leastNs - (System.nanoTime() - startNs))));
    }

    private synchronized boolean beginPause() {
        pausing = riseFall.isInBetween() || !soon.get();
        return pausing;
    }

    private synchronized void interruptPause() {
        if (pausing && !riseFall.isInBetween()) {
            thread.interrupt();
        }
    }

    private synchronized void endPause() throws InterruptedException {
        pausing = false;
        Thread.interrupted();
        if (closed) {
            throw new InterruptedException();
        }
    }

    private Duration interval() {
        if (riseFall.isInBetween() || isFailingOver()) {
            return schedule.fastInterval();
        }
        return riseFall.isUp() ? schedule.interval() : schedule.downInterval();
    }

    /** Whether the pool has roles but no primary, so that one of its servers should soon become primary. */
    private boolean isFailingOver() {
        return !pool.hasPrimary() && pool.servers().stream().anyMatch(one -> one.role() != Role.UNKNOWN);
    }

    private static Duration jittered(Duration interval) {
        double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }
}
