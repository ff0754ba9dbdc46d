package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.pool.Target;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import sun.nio.ch.SelChImpl;

/** What the kernel says about the sockets that a connector opens. */
@EnabledOnOs(OS.LINUX)
class ConnectorTest {

    private static final int IPPROTO_IP = 0;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;

    private final HandDriven driven = new HandDriven();

    @AfterEach
    void close() {
        driven.close();
    }

    @Test
    void opensNonBlockingSocketsThatSendAtOnceAndProbeSilentPeers() throws Throwable {
        try (SocketChannel channel = connector().open()) {
            assertFalse(channel.isBlocking());
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY));
            assertTrue(channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
            assertEquals(60, option(channel, IPPROTO_TCP, TCP_KEEPIDLE));
            assertEquals(10, option(channel, IPPROTO_TCP, TCP_KEEPINTVL));
            assertEquals(5, option(channel, IPPROTO_TCP, TCP_KEEPCNT));
        }
    }

    @Test
    void leavesTheChoiceOfThePortToConnect() throws Throwable {
        try (SocketChannel channel = connector("127.0.0.2").open()) {
            assertEquals(1, option(channel, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT));
            InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
            assertEquals("127.0.0.2", local.getAddress().getHostAddress());
            assertEquals(0, local.getPort());
        }
    }

    @Test
    void bindsToNothingWithoutSourceAddresses() throws Throwable {
        try (SocketChannel channel = connector().open()) {
            assertEquals(0, option(channel, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT));
        }
    }

    private Connector connector(String... sources) throws IOException {
        Pool pool = new PoolSettings().server(Loopback.refusing()).source(sources).pool();
        ServerStates states = new ServerStates(pool, (work, delayNs) -> { }, driven.clock());
        return new Connector(driven.loop(), new Target(pool, Wanted.ANY), states);
    }

    @SuppressWarnings("restricted") // Tests run with native access.
    private static int option(SocketChannel channel, int level, int number) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle getsockopt = linker.downcallHandle(linker.defaultLookup().findOrThrow("getsockopt"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, -1);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            int result = (int) getsockopt.invokeExact(((SelChImpl) channel).getFDVal(), level, number, value, length);
            assertEquals(0, result);
            return value.get(ValueLayout.JAVA_INT, 0);
        }
    }
}
