package io.sluice.core.health;

import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds servers' addresses: literal ones at once, host names by the system's resolver, again and again. A name that has
 * resolved once keeps its last address while it does not resolve; an address stays in use as long as the name has it.
 *
 * <p>Owned by the control plane. The system's resolver may block for seconds, hence platform threads of its own.
 */
public final class Resolver implements AutoCloseable {

    private static final int THREADS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

    private final List<CountDownLatch> firstRound = new ArrayList<>();
    private final AtomicInteger threadCount = new AtomicInteger();
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS,
            task -> Thread.ofPlatform().daemon().name("resolver-" + threadCount.incrementAndGet()).unstarted(task));

    /** Starts resolving a pool's servers. */
    public void start(Pool pool, ServerStates states) {
        for (Server server : pool.servers()) {
            InetSocketAddress literal = literal(server);
            if (literal != null) {
                states.resolved(server, literal);
                continue;
            }
            CountDownLatch resolvedOnce = new CountDownLatch(1);
            firstRound.add(resolvedOnce);
            threads.scheduleWithFixedDelay(() -> {
                resolve(pool, server, states);
                resolvedOnce.countDown();
            }, 0, pool.config().resolveInterval().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Waits until the system's resolver has answered once for each name that has been started, one way or the other. */
    public void awaitFirstRound(Duration atMost) throws InterruptedException {
        long deadlineNs = System.nanoTime() + atMost.toNanos();
        for (CountDownLatch resolvedOnce : firstRound) {
            if (!resolvedOnce.await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                LOG.warn("some host names have not been resolved within {} ms; their servers are down until they are",
                        atMost.toMillis());
                return;
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static InetSocketAddress literal(Server server) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(server.config().address().host()),
                    server.config().address().port());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void resolve(Pool pool, Server server, ServerStates states) {
        String host = server.config().address().host();
        InetSocketAddress known = server.address();
        try {
            InetAddress[] found = InetAddress.getAllByName(host);
            if (known != null && Arrays.asList(found).contains(known.getAddress())) {
                return;
            }
            InetSocketAddress address = new InetSocketAddress(found[0], server.config().address().port());
            LOG.info("server {}/{}: {} resolves to {}{}", pool.name(), server.name(), host,
                    found[0].getHostAddress(), known == null ? "" : ", before " + known.getAddress().getHostAddress());
            states.resolved(server, address);
        } catch (UnknownHostException e) {
            if (known == null) {
                states.unresolved(server, "its name " + host + " does not resolve");
            } else {
                LOG.debug("server {}/{}: {} does not resolve at present; its last address stays in use", pool.name(),
                        server.name(), host);
            }
        }
    }
}
