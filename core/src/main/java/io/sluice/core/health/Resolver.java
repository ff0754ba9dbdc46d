package io.sluice.core.health;

import io.sluice.core.address.Addresses;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves servers' addresses: literal ones at once, host names by the system's resolver at intervals. An address stays
 * in use as long as the name still resolves to it, among others, and also while the name does not resolve at all.
 *
 * <p>Owned by the control plane. The system's resolver may block for seconds, hence platform threads of its own.
 */
public final class Resolver implements AutoCloseable {

    private static final int THREADS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

    private final Names names;
    private final Map<Server, Lookup> lookups = new ConcurrentHashMap<>();
    private final AtomicInteger threadCount = new AtomicInteger();
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS,
            task -> Thread.ofPlatform().daemon().name("resolver-" + threadCount.incrementAndGet()).unstarted(task));

    /** Knows the addresses of a host name; never gives none. */
    @FunctionalInterface
    interface Names {

        InetAddress[] find(String host) throws UnknownHostException;
    }

    public Resolver() {
        this(InetAddress::getAllByName);
    }

    Resolver(Names names) {
        this.names = names;
        threads.setRemoveOnCancelPolicy(true);
    }

    /** Starts resolving these servers, which need not be of the pool yet. */
    public void start(Pool pool, List<Server> servers, ServerStates states) {
        for (Server server : servers) {
            InetSocketAddress literal = literal(server);
            if (literal != null) {
                states.resolved(server, literal);
            } else {
                Lookup lookup = new Lookup(pool, server, states);
                lookups.put(server, lookup);
                threads.execute(lookup);
            }
        }
    }

    /** Stops resolving these servers. */
    public void stop(List<Server> servers) {
        for (Server server : servers) {
            Lookup lookup = lookups.remove(server);
            if (lookup != null) {
                lookup.stop();
            }
        }
    }

    /** Waits until the system's resolver has answered once for each name that has been started, whatever it said. */
    public void awaitFirstRound(Duration atMost) throws InterruptedException {
        long deadlineNs = System.nanoTime() + atMost.toNanos();
        for (Lookup lookup : lookups.values()) {
            if (!lookup.answeredOnce.await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
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

    /** One server's name, looked up again and again at the interval that its pool then has. */
    private final class Lookup implements Runnable {

        private final Pool pool;
        private final Server server;
        private final ServerStates states;
        private final CountDownLatch answeredOnce = new CountDownLatch(1);
        private volatile boolean stopped;
        private volatile Future<?> next;

        Lookup(Pool pool, Server server, ServerStates states) {
            this.pool = pool;
            this.server = server;
            this.states = states;
        }

        @Override
        public void run() {
            if (stopped) {
                return;
            }
            resolve();
            answeredOnce.countDown();
            try {
                next = threads.schedule(this, pool.config().resolveInterval().toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                // The resolver has been closed meanwhile.
                return;
            }
            if (stopped) {
                next.cancel(false);
            }
        }

        private void resolve() {
            String host = server.config().address().host();
            InetSocketAddress known = server.address();
            try {
                InetAddress[] found = names.find(host);
                if (known != null && Arrays.asList(found).contains(known.getAddress())) {
                    return;
                }
                InetSocketAddress address = new InetSocketAddress(found[0], server.config().address().port());
                LOG.info("server {}/{}: {} resolves to {}{}", pool.name(), server.name(), host,
                        Addresses.toText(found[0]),
                        known == null ? "" : ", before " + Addresses.toText(known.getAddress()));
                states.resolved(server, address);
            } catch (UnknownHostException e) {
                if (known == null) {
                    states.unresolved(server, "its name " + host + " does not resolve");
                } else {
                    LOG.debug("server {}/{}: {} does not resolve at present; its last address stays in use",
                            pool.name(), server.name(), host);
                }
            }
        }

        void stop() {
            stopped = true;
            Future<?> scheduled = next;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }
}
