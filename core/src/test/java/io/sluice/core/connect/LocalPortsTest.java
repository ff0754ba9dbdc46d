package io.sluice.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Connection;
import io.sluice.core.net.Loopback;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.stats.WorkerStats;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What happens when no local port is left: in a network of its thread's own, which has a single one. Needs root. */
@EnabledOnOs(OS.LINUX)
class LocalPortsTest {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 1111);

    @Test
    void blamesThisHostWhenNoPortIsLeftAndNotTheServer() throws Throwable {
        FutureTask<Void> test = new FutureTask<>(LocalPortsTest::takeTheOnlyPortAndAskForAnother, null);
        Thread.ofPlatform().start(test);
        try {
            test.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static void takeTheOnlyPortAndAskForAnother() {
        assumeTrue(enterOwnNetwork(), "needs the right to make a network namespace");
        try (HandDriven driven = new HandDriven();
                ServerSocket listening = new ServerSocket(30000, 5, Loopback.ADDRESS)) {
            InetSocketAddress address = (InetSocketAddress) listening.getLocalSocketAddress();
            Pool pool = new PoolSettings().server(address).server(address).retries(3).pool();
            ServerStates states = new ServerStates(pool, (work, delayNs) -> { }, driven.clock());
            PoolSettings.resolve(pool, states);
            Connector connector =
                    new Connector(driven.loop(), PoolPlan.of(pool, states, pool.config()), Wanted.ANY, null);
            Client first = new Client(driven, connector);
            driven.turnUntil(first::isOver);
            assertNotNull(first.connection);
            Client second = new Client(driven, connector);
            assertEquals(Termination.RESOURCE_CONNECT, second.failure);
            assertEquals(1, second.attempts.retries());
            first.connection.abort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted") // Tests run with native access.
    private static boolean enterOwnNetwork() {
        Linker linker = Linker.nativeLinker();
        try {
            int result = (int) linker.downcallHandle(linker.defaultLookup().findOrThrow("unshare"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)).invokeExact(CLONE_NEWNET);
            if (result != 0) {
                return false;
            }
            Files.writeString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"), "20000 20000");
            return new ProcessBuilder("ip", "link", "set", "lo", "up").start().waitFor() == 0;
        } catch (IOException e) {
            // As in many a container.
            return false;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static final class Client implements ConnectHandler {

        private final ConnectAttempts attempts;
        private Connection connection;
        private Termination failure;

        Client(HandDriven driven, Connector connector) {
            attempts = new ConnectAttempts(driven.loop(), new WorkerStats(), this);
            attempts.prepare(connector, 0, CLIENT, CLIENT);
            attempts.start(connector.pool().config().retries());
        }

        @Override
        public void onServerConnected(Connection server) {
            connection = server;
        }

        @Override
        public void onServerFailed(Termination termination) {
            assertNull(connection);
            failure = termination;
        }

        boolean isOver() {
            return connection != null || failure != null;
        }
    }
}
