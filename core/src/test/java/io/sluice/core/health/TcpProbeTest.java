package io.sluice.core.health;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.patient;
import static io.sluice.core.net.Loopback.receive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.core.net.Loopback;
import io.sluice.core.pool.PoolSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProbeTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private ServerSocket server;
    private InetSocketAddress address;

    @BeforeEach
    void listen() throws IOException {
        server = Loopback.listen();
        address = (InetSocketAddress) server.getLocalSocketAddress();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void findsAServerGoodThatAcceptsAndEndsTheConnectionInGoodOrder() throws IOException {
        probe(new PoolSettings()).check(address, TIMEOUT);
        try (Socket accepted = patient(server.accept())) {
            assertEnd(accepted);
        }
    }

    @Test
    void comesFromASourceAddressOfTheServersFamily() throws IOException {
        probe(new PoolSettings().source("::1", "127.0.0.2", "127.0.0.3")).check(address, TIMEOUT);
        try (Socket accepted = patient(server.accept())) {
            assertEquals("127.0.0.2", accepted.getInetAddress().getHostAddress());
        }
    }

    @Test
    void thatASourceAddressIsNotThisHostsIsNoFaultOfTheServers() {
        assertThrows(OwnFailureException.class,
                () -> probe(new PoolSettings().source("192.0.2.1")).check(address, TIMEOUT));
    }

    @Test
    void findsAServerBadThatRefuses() throws IOException {
        InetSocketAddress refusing = Loopback.refusing();
        IOException e = assertThrows(IOException.class, () -> probe(new PoolSettings()).check(refusing, TIMEOUT));
        assertEquals("connection refused", e.getMessage());
    }

    @Test
    void findsAServerBadThatDoesNotAnswerInTime() throws IOException {
        try (Loopback.BlackHole blackHole = Loopback.blackHole()) {
            IOException e = assertThrows(IOException.class,
                    () -> probe(new PoolSettings()).check(blackHole.address(), Duration.ofMillis(20)));
            assertEquals("no connection within 20 ms", e.getMessage());
        }
    }

    @Test
    void sendsAVersion1HeaderWithItsOwnAddresses() throws IOException {
        probe(new PoolSettings().sendProxyProtocol(ProxyProtocolVersion.V1)).check(address, TIMEOUT);
        try (Socket accepted = patient(server.accept())) {
            String header = "PROXY TCP4 127.0.0.1 127.0.0.1 " + accepted.getPort() + " " + server.getLocalPort()
                    + "\r\n";
            assertEquals(header, receive(accepted, header.length()));
            assertEnd(accepted);
        }
    }

    @Test
    void sendsAVersion2HeaderThatSaysItIsALocalConnection() throws IOException {
        probe(new PoolSettings().sendProxyProtocol(ProxyProtocolVersion.V2)).check(address, TIMEOUT);
        try (Socket accepted = patient(server.accept())) {
            byte[] header = accepted.getInputStream().readNBytes(16);
            assertEquals("0d0a0d0a000d0a515549540a20000000", HexFormat.of().formatHex(header));
            assertEnd(accepted);
        }
    }

    @Test
    void checksFromTheFirstSourceAddress() throws IOException {
        probe(new PoolSettings().source("127.0.0.2", "127.0.0.3")).check(address, TIMEOUT);
        try (Socket accepted = server.accept()) {
            assertEquals("127.0.0.2", accepted.getInetAddress().getHostAddress());
        }
    }

    @Test
    void asksAPortOfItsOwnWithoutAHeader() throws IOException {
        PoolSettings settings = new PoolSettings().sendProxyProtocol(ProxyProtocolVersion.V1);
        probe(settings, Optional.of(address.getPort())).check(Loopback.refusing(), TIMEOUT);
        try (Socket accepted = patient(server.accept())) {
            assertEnd(accepted);
        }
    }

    @Test
    void saysWhichPortDoesNotAnswerIfItIsNotTheServers() throws IOException {
        int refusing = Loopback.refusing().getPort();
        IOException e = assertThrows(IOException.class,
                () -> probe(new PoolSettings(), Optional.of(refusing)).check(address, TIMEOUT));
        assertEquals("port " + refusing + ": connection refused", e.getMessage());
    }

    private TcpProbe probe(PoolSettings settings) {
        return probe(settings, Optional.empty());
    }

    private TcpProbe probe(PoolSettings settings, Optional<Integer> port) {
        return new TcpProbe(settings.server(address).config(), port);
    }
}
