package io.sluice.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.linux.Sockets;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.KernelOption;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the kernel says about the sockets that a connector opens. */
@EnabledOnOs(OS.LINUX)
class ConnectorTest {

    private static final int O_NONBLOCK = 0x800;

    private final HandDriven driven = new HandDriven();

    @AfterEach
    void close() {
        driven.close();
    }

    @Test
    void opensNonBlockingSocketsThatSendAtOnce() throws Throwable {
        try (TcpSocket socket = open()) {
            assertTrue((KernelOption.statusFlags(socket) & O_NONBLOCK) != 0);
            assertEquals(1, KernelOption.TCP_NODELAY.get(socket));
        }
    }

    @Test
    void leavesTheChoiceOfThePortToConnect() throws Throwable {
        try (TcpSocket socket = open("127.0.0.2")) {
            assertEquals(1, KernelOption.IP_BIND_ADDRESS_NO_PORT.get(socket));
            InetSocketAddress local = Sockets.localAddress(socket.descriptor());
            assertEquals("127.0.0.2", local.getAddress().getHostAddress());
            assertEquals(0, local.getPort());
        }
    }

    @Test
    void takesSourceAddressesOfTheServersFamily() throws Throwable {
        try (TcpSocket socket = open("::1", "127.0.0.2")) {
            assertEquals("127.0.0.2", Sockets.localAddress(socket.descriptor()).getAddress().getHostAddress());
        }
        assertThrows(BindException.class, () -> open("::1"));
    }

    @Test
    void bindsToNothingWithoutSourceAddresses() throws Throwable {
        try (TcpSocket socket = open()) {
            assertEquals(0, KernelOption.IP_BIND_ADDRESS_NO_PORT.get(socket));
        }
    }

    @Test
    void leavesTheEndOfTheHandshakeToWhatIsSaidFirst() throws Throwable {
        try (TcpSocket socket = open()) {
            assertEquals(0, KernelOption.TCP_QUICKACK.get(socket));
        }
    }

    @Test
    void tellsOfThisHostsFailuresOnceAMinuteHoweverTheyTakeTurnsWithSuccess() throws IOException {
        Connector connector = connector();
        assertTrue(connector.mayTellOfOwnFailure());
        connector.onConnected(connector.pool().servers().getFirst());
        driven.pass(Duration.ofSeconds(59));
        assertFalse(connector.mayTellOfOwnFailure());
        driven.pass(Duration.ofSeconds(1));
        assertTrue(connector.mayTellOfOwnFailure());
    }

    /** There is one for each worker and listener, and new ones with each reload. */
    @Test
    void tellsOfThisHostsFailuresOnceHoweverManyConnectorsAPoolHas() throws IOException {
        Pool pool = new PoolSettings().server(Loopback.refusing()).pool();
        assertTrue(connector(pool).mayTellOfOwnFailure());
        assertFalse(connector(pool).mayTellOfOwnFailure());
    }

    @Test
    void tellsOfTlsThatAServerLacksOnceAMinuteHoweverItTakesTurnsWithSuccess() throws IOException {
        Connector connector = connector();
        Server server = connector.pool().servers().getFirst();
        assertTrue(server.mayTellOfTls(driven.loop().nowNs()));
        connector.onConnected(server);
        driven.pass(Duration.ofSeconds(59));
        assertFalse(server.mayTellOfTls(driven.loop().nowNs()));
        driven.pass(Duration.ofSeconds(1));
        assertTrue(server.mayTellOfTls(driven.loop().nowNs()));
    }

    private TcpSocket open(String... sources) throws IOException {
        Connector connector = connector(sources);
        return connector.open(connector.pool().servers().getFirst());
    }

    private Connector connector(String... sources) throws IOException {
        return connector(new PoolSettings().server(Loopback.refusing()).source(sources).pool());
    }

    private Connector connector(Pool pool) {
        ServerStates states = new ServerStates(pool, (work, delayNs) -> { }, driven.clock());
        PoolSettings.resolve(pool, states);
        return new Connector(driven.loop(), PoolPlan.of(pool, states, pool.config()), Wanted.ANY, null);
    }
}
