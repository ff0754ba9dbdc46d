package io.sluice.core.health;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.Endpoint;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.core.loop.ManualClock;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerState;
import io.sluice.core.pool.ServerStates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResolverTest {

    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress TWO = InetAddress.ofLiteral("192.0.2.2");

    private Resolver resolver = new Resolver();
    private ServerStates states;

    @AfterEach
    void close() {
        resolver.close();
    }

    @Test
    void takesLiteralAddressesAtOnce() {
        Server server = start("192.0.2.1");
        assertEquals(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5432), server.address());
        assertEquals(InetAddress.ofLiteral("2001:db8::1"), start("2001:db8::1").address().getAddress());
    }

    @Test
    void resolvesAHostName() throws InterruptedException {
        Server server = start("localhost");
        resolver.awaitFirstRound(Duration.ofSeconds(20));
        assertTrue(server.address().getAddress().isLoopbackAddress());
        assertEquals(5432, server.address().getPort());
        assertEquals(ServerState.UP, server.state());
    }

    @Test
    void takesAServerForDownWhoseNameDoesNotResolve() throws InterruptedException {
        Server server = start("does-not-exist.invalid");
        resolver.awaitFirstRound(Duration.ofSeconds(20));
        assertNull(server.address());
        assertEquals(ServerState.DOWN, server.state());
    }

    @Test
    void findsANewAddressWhenTheNameNoLongerHasTheOldOne() throws InterruptedException {
        Server server = start("localhost");
        resolver.awaitFirstRound(Duration.ofSeconds(20));
        states.resolved(server, new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5432));
        await().atMost(20, SECONDS).until(() -> server.address().getAddress().isLoopbackAddress());
    }

    @Test
    void keepsAnAddressForAsLongAsTheNameHasIt() throws InterruptedException {
        Answers answers = scripted();
        Server server = start("db.example.com");
        answers.give(ONE, TWO);
        answers.give(TWO, ONE);
        answers.give(TWO, ONE);
        assertEquals(ONE, server.address().getAddress());
        answers.give(TWO);
        answers.give(ONE, TWO);
        answers.give(ONE, TWO);
        assertEquals(TWO, server.address().getAddress());
    }

    @Test
    void keepsTheLastAddressOfANameThatNoLongerResolves() throws InterruptedException {
        Answers answers = scripted();
        Server server = start("db.example.com");
        answers.give(ONE);
        answers.give();
        answers.give();
        assertEquals(ONE, server.address().getAddress());
        assertEquals(ServerState.UP, server.state());
        answers.give(TWO);
        answers.give(TWO);
        assertEquals(TWO, server.address().getAddress());
    }

    @Test
    void doesNotWaitForNamesWhereThereAreNone() throws InterruptedException {
        start("192.0.2.1");
        resolver.awaitFirstRound(Duration.ZERO);
    }

    @Test
    void leavesANameAloneThatItIsToldToStop() throws InterruptedException {
        Server server = start("localhost");
        resolver.awaitFirstRound(Duration.ofSeconds(20));
        resolver.stop(List.of(server));
        InetSocketAddress other = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5432);
        states.resolved(server, other);
        Server watched = start("localhost");
        for (int round = 0; round < 5; round++) {
            states.resolved(watched, other);
            await().atMost(20, SECONDS).until(() -> watched.address().getAddress().isLoopbackAddress());
        }
        assertEquals(other, server.address());
    }

    private Answers scripted() {
        resolver.close();
        Answers answers = new Answers();
        resolver = new Resolver(answers);
        return answers;
    }

    private Server start(String host) {
        ServerConfig config = new ServerConfig("s", new Endpoint(host, 5432), 1, false, Integer.MAX_VALUE,
                AdminState.READY);
        Pool pool = new PoolSettings().server(config).resolveInterval(Duration.ofMillis(10)).pool();
        states = new ServerStates(pool, (work, delayNs) -> { }, new ManualClock());
        resolver.start(pool, pool.servers(), states);
        return pool.servers().getFirst();
    }

    /** Each look-up waits for the test to say what it finds; when the next one has its answer, this one counts. */
    private static final class Answers implements Resolver.Names {

        private final SynchronousQueue<InetAddress[]> answers = new SynchronousQueue<>();

        /** @param found none: the name does not resolve */
        void give(InetAddress... found) throws InterruptedException {
            assertTrue(answers.offer(found, 20, SECONDS), "no look-up came");
        }

        @Override
        public InetAddress[] find(String host) throws UnknownHostException {
            try {
                InetAddress[] found = answers.take();
                if (found.length == 0) {
                    throw new UnknownHostException(host);
                }
                return found;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnknownHostException(host);
            }
        }
    }
}
