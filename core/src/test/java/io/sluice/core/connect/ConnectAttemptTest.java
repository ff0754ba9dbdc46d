package io.sluice.core.connect;

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
    void delaysNoAcknowledgementBehindTheFirstBytes() throws Throwable {
        try (ServerSocket listening = Loopback.listen()) {
            Pool pool = new PoolSettings().server((InetSocketAddress) listening.getLocalSocketAddress()).pool();
            ServerStates states = new ServerStates(pool, (work, delayNs) -> { }, driven.clock());
            PoolSettings.resolve(pool, states);
            Connector connector =
                    new Connector(driven.loop(), PoolPlan.of(pool, states, pool.config()), Wanted.ANY, null);
            Server server = pool.servers().getFirst();
            TcpSocket socket = connector.open(server, true);
            Speaker speaker = new Speaker();
            new ConnectAttempt(connector, server, socket, speaker).start(null);
            driven.turnUntil(() -> speaker.connection != null);
            assertEquals(1, KernelOption.TCP_QUICKACK.get(socket));
            try (Socket accepted = listening.accept()) {
                assertEquals('?', accepted.getInputStream().read());
            }
            speaker.connection.close();
        }
    }

    /** Says something as soon as it can. */
    private static final class Speaker implements ConnectAttempt.Owner {

        private Connection connection;

        @Override
        public void onConnected(Connection connected) {
            connection = connected;
            assertEquals(1, connection.write(ByteBuffer.wrap(new byte[] {'?'})));
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
