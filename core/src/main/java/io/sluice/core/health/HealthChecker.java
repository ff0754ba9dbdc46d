package io.sluice.core.health;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the servers of one pool, each on a virtual thread of its own: once at the start, then at intervals that are
 * spread by chance so that checks do not fall together. Safe from any thread.
 */
public final class HealthChecker implements AutoCloseable {

    /** An interval varies by this part of it in either direction. */
    private static final double JITTER = 0.1;
    /** How often an unresolved name is looked at again; looking costs nothing, the resolver does the work. */
    private static final Duration UNTIL_RESOLVED = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecker.class);

    private final Pool pool;
    private final ServerStates states;
    private final HealthCheckConfig.Schedule schedule;
    private final Function<Server, Probe> probes;
    private final CountDownLatch firstRound;
    private final List<Server> checked;
    private final List<Thread> threads = new ArrayList<>();

    /** @param probes makes a probe for a server, without blocking */
    public HealthChecker(Pool pool, ServerStates states, HealthCheckConfig config,
                         Function<Server, Probe> probes) {
        this.pool = pool;
        this.states = states;
        this.probes = probes;
        schedule = config.schedule();
        checked = pool.servers().stream()
                .filter(server -> server.config().state() != AdminState.MAINTENANCE).toList();
        firstRound = new CountDownLatch(checked.size());
    }

    public void start() {
        for (Server server : checked) {
            threads.add(Thread.ofVirtual().name("check " + pool.name() + "/" + server.name())
                    .start(() -> check(server)));
        }
    }

    /** Waits until every server has been checked once, at most for one check's timeout. */
    public void awaitFirstRound() throws InterruptedException {
        if (!firstRound.await(schedule.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("pool {}: {} of {} servers have not answered their first health check within {} ms", pool.name(),
                    firstRound.getCount(), checked.size(), schedule.timeout().toMillis());
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    private void check(Server server) {
        RiseFall riseFall = new RiseFall(schedule.rise(), schedule.fall());
        if (pool.config().initialState() == InitialState.UP) {
            riseFall.assumeUp();
        }
        try (Probe probe = probes.apply(server)) {
            checkFirst(server, probe, riseFall);
            // From here on each server has its own rhythm.
            probe.pause(schedule.interval().multipliedBy(ThreadLocalRandom.current().nextInt(1000)).dividedBy(1000));
            for (;;) {
                checkOnce(server, probe, riseFall);
                probe.pause(jittered(interval(riseFall)));
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void checkFirst(Server server, Probe probe, RiseFall riseFall) throws InterruptedException {
        if (server.address() == null) {
            // The resolver has told so; there is nothing that others should wait for.
            firstRound.countDown();
            awaitAddress(server);
            checkOnce(server, probe, riseFall);
        } else {
            checkOnce(server, probe, riseFall);
            firstRound.countDown();
        }
    }

    private static void awaitAddress(Server server) throws InterruptedException {
        while (server.address() == null) {
            Thread.sleep(UNTIL_RESOLVED);
        }
    }

    private void checkOnce(Server server, Probe probe, RiseFall riseFall) throws InterruptedException {
        InetSocketAddress address = server.address();
        String failure = null;
        try {
            probe.check(address, schedule.timeout());
        } catch (IOException | RuntimeException e) {
            failure = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        switch (riseFall.onCheck(failure == null)) {
            case UP -> states.healthy(server, "its health check succeeded");
            case DOWN -> states.unhealthy(server, "its health check failed: " + failure);
            case UNCHANGED -> { }
        }
    }

    private Duration interval(RiseFall riseFall) {
        if (riseFall.isInBetween()) {
            return schedule.fastInterval();
        }
        return riseFall.isUp() ? schedule.interval() : schedule.downInterval();
    }

    private static Duration jittered(Duration interval) {
        double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }
}
