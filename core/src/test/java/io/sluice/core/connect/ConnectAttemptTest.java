package io.sluice.core.connect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Connection;
import io.sluice.core.net.KernelOption;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the kernel is told while a server is connected. */
@EnabledOnOs(OS.LINUX)
class ConnectAttemptTest {

    private final HandDriven driven = new HandDriven();

    @AfterEach
    void close() {
        driven.close();
    }

    @Test
    void endsTheHandshakeWithTheFirstBytes() throws Throwable {
        attempt(ConnectAttemptTest::say, "?");
    }

    @Test
    void endsTheHandshakeWithWhatComesLaterInTheCycle() throws Throwable {
        attempt(connection -> driven.loop().defer(() -> say(connection)), "?");
    }

    /** Otherwise a server that speaks first would not hear of the connection for 200 ms. */
    @Test
    void endsTheHandshakeInAnyCase() throws Throwable {
        attempt(connection -> { }, "");
    }

    /** In no case does the kernel send more than two segments, nor delay the ACKs of the answer. */
    private void attempt(Consumer<Connection> handler, String said) throws Throwable {
        try (ServerSocket listening = Loopback.listen()) {
            Pool pool = new PoolSettings().server((InetSocketAddress) listening.getLocalSocketAddress()).pool();
            ServerStates states = new ServerStates(pool, (work, delayNs) -> { }, driven.clock());
            PoolSettings.resolve(pool, states);
            Connector connector =
                    new Connector(driven.loop(), PoolPlan.of(pool, states, pool.config()), Wanted.ANY, null);
            Server server = pool.servers().getFirst();
            TcpSocket socket = connector.open(server);
            Reached reached = new Reached(handler);
            new ConnectAttempt(connector, server, socket, reached).start(null);
            driven.turnUntil(() -> reached.connection != null);
            assertEquals(1, KernelOption.TCP_QUICKACK.get(socket));
            assertEquals(2, KernelOption.segmentsSent(socket));
            try (Socket accepted = listening.accept()) {
                reached.connection.close();
                assertEquals(said, new String(accepted.getInputStream().readAllBytes(), US_ASCII));
            }
        }
    }

    private static void say(Connection connection) {
        assertEquals(1, connection.write(ByteBuffer.wrap(new byte[] {'?'})));
    }

    /** Has its handler do something as soon as it is connected. */
    private static final class Reached implements ConnectAttempt.Owner {

        private final Consumer<Connection> handler;
        private Connection connection;

        private Reached(Consumer<Connection> handler) {
            this.handler = handler;
        }

        @Override
        public void onConnected(Connection connected) {
            connection = connected;
            handler.accept(connected);
        }

        @Override
        public void onAttemptFailed(Termination termination) {
            throw new AssertionError(termination);
        }

        @Override
        public void onServerUnwanted() {
            throw new AssertionError();
        }

        @Override
        public void onAttemptBroken(Connection broken, RuntimeException failure) {
            throw failure;
        }
    }
}
