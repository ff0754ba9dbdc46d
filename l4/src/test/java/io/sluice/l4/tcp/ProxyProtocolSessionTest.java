package io.sluice.l4.tcp;

import static io.sluice.core.net.Loopback.assertEnd;
import static io.sluice.core.net.Loopback.assertReset;
import static io.sluice.core.net.Loopback.patient;
import static io.sluice.core.net.Loopback.receive;
import static io.sluice.core.net.Loopback.reset;
import static io.sluice.core.net.Loopback.send;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.AccessConfig;
import io.sluice.config.Cidr;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.core.address.ProxyProtocol;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.log.Termination;
import io.sluice.core.net.Loopback;
import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of a TCP listener that requires the PROXY protocol. */
class ProxyProtocolSessionTest {

    private static final InetSocketAddress CLIENT = address("192.0.2.1", 1111);
    private static final InetSocketAddress LISTENER = address("192.0.2.2", 2222);
    private static final String V1_HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 1111 2222\r\n";

    private final TcpFixture sluice = new TcpFixture();
    private ServerSocket server;
    private Socket client;

    @BeforeEach
    void listen() throws IOException {
        server = Loopback.listen();
        sluice.poolSettings.server((InetSocketAddress) server.getLocalSocketAddress());
        require("127.0.0.1", Duration.ofSeconds(20));
    }

    @AfterEach
    void closeAll() throws Exception {
        client.close();
        server.close();
        sluice.worker().askToKillSessions();
        await().atMost(20, SECONDS).until(() -> sluice.held() == 0);
        sluice.close();
    }

    @ParameterizedTest
    @EnumSource(value = ProxyProtocolVersion.class, names = {"V1", "V2"})
    void takesTheClientsAddressFromTheHeaderAndPassesOnWhatFollows(ProxyProtocolVersion version) throws Exception {
        start();
        client.getOutputStream().write(concat(header(version), "hello"));
        Socket atServer = accept();
        assertEquals("hello", receive(atServer, 5));
        finish(atServer);
        SessionRecord record = ended(Termination.NORMAL);
        assertEquals(CLIENT, record.client);
        assertEquals(5, record.clientBytes);
    }

    @ParameterizedTest
    @EnumSource(value = ProxyProtocolVersion.class, names = {"V1", "V2"})
    void takesAHeaderByteByByte(ProxyProtocolVersion version) throws Exception {
        start();
        for (byte octet : concat(header(version), "hello")) {
            client.getOutputStream().write(octet);
            client.getOutputStream().flush();
        }
        Socket atServer = accept();
        assertEquals("hello", receive(atServer, 5));
        finish(atServer);
        assertEquals(CLIENT, ended(Termination.NORMAL).client);
    }

    @Test
    void servesAServerThatSpeaksFirstAfterABareHeader() throws Exception {
        start();
        send(client, V1_HEADER);
        Socket atServer = accept();
        send(atServer, "welcome");
        assertEquals("welcome", receive(client, 7));
        finish(atServer);
        ended(Termination.NORMAL);
    }

    @Test
    void passesTheAddressesOn() throws Exception {
        sluice.poolSettings.sendProxyProtocol(ProxyProtocolVersion.V1);
        start();
        send(client, V1_HEADER + "hello");
        Socket atServer = accept();
        assertEquals(V1_HEADER + "hello", receive(atServer, V1_HEADER.length() + 5));
        finish(atServer);
        ended(Termination.NORMAL);
    }

    @Test
    void refusesAPeerThatIsNotTrusted() throws Exception {
        require("127.0.0.2", Duration.ofSeconds(20));
        start();
        assertReset(client);
        ended(Termination.PROXY_DENIED);
        assertEquals(1, sluice.count(Counter.PROXY_HEADERS_REFUSED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "PROXY TCP4 1.2.3\r\n", "PROXY TCP9 "})
    void refusesWhatIsNoHeader(String bytes) throws Exception {
        start();
        send(client, bytes.endsWith("\n") ? bytes : bytes + "x".repeat(200));
        assertReset(client);
        ended(Termination.PROXY_DENIED);
        assertEquals(1, sluice.count(Counter.PROXY_HEADERS_REFUSED));
    }

    @Test
    void refusesAHeaderThatDoesNotArriveInTime() throws Exception {
        require("127.0.0.1", Duration.ofMillis(500));
        start();
        send(client, "PROXY TCP4 ");
        assertReset(client);
        ended(Termination.CLIENT_TIMEOUT_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void logsAClientThatGoesAwayInTheMiddleOfItsHeader(boolean byReset) throws Exception {
        start();
        send(client, "PROXY TCP4 ");
        if (byReset) {
            reset(client);
        } else {
            client.shutdownOutput();
        }
        ended(Termination.CLIENT_ABORT_REQUEST);
    }

    @Test
    void appliesAccessListsToTheAddressInTheHeader() throws Exception {
        sluice.access = new AccessConfig(List.of(), List.of(new Cidr(CLIENT.getAddress(), 32)));
        start();
        send(client, V1_HEADER + "hello");
        assertReset(client);
        assertEquals(CLIENT, ended(Termination.PROXY_DENIED).client);
        assertEquals(1, sluice.count(Counter.CONNECTIONS_DENIED));
        assertEquals(0, sluice.count(Counter.PROXY_HEADERS_REFUSED));
    }

    @ParameterizedTest
    @EnumSource(value = ProxyProtocolVersion.class, names = {"V1", "V2"})
    void appliesTheLimitOfAClientToTheAddressInTheHeader(ProxyProtocolVersion version) throws Exception {
        sluice.mostPerClient = 1;
        start();
        client.getOutputStream().write(concat(header(version), "hello"));
        Socket atServer = accept();
        try (Socket again = sluice.connect()) {
            again.getOutputStream().write(concat(header(version), "hello"));
            assertReset(again);
            assertEquals(CLIENT, ended(Termination.PROXY_DENIED).client);
        }
        assertEquals(1, sluice.count(Counter.CONNECTIONS_OVER_CLIENT_LIMIT));
        assertEquals("hello", receive(atServer, 5));
        finish(atServer);
        ended(Termination.NORMAL);
    }

    private void require(String trusted, Duration timeout) {
        sluice.proxyProtocol = new ProxyProtocolConfig(ProxyProtocolConfig.Accept.REQUIRED,
                List.of(new Cidr(InetAddress.ofLiteral(trusted), 32)), timeout);
    }

    private void start() throws IOException {
        sluice.start();
        client = sluice.connect();
    }

    private Socket accept() throws IOException {
        return patient(server.accept());
    }

    private void finish(Socket atServer) throws IOException {
        client.shutdownOutput();
        assertEnd(atServer);
        atServer.close();
        assertEnd(client);
    }

    private SessionRecord ended(Termination termination) throws InterruptedException {
        SessionRecord record = sluice.nextRecord();
        assertEquals(termination, record.termination);
        return record;
    }

    private static byte[] header(ProxyProtocolVersion version) {
        ByteBuffer header = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES);
        ProxyProtocol.encode(version, CLIENT, LISTENER, header);
        byte[] bytes = new byte[header.flip().remaining()];
        header.get(bytes);
        return bytes;
    }

    private static byte[] concat(byte[] header, String text) {
        return ByteBuffer.allocate(header.length + text.length()).put(header)
                .put(text.getBytes(StandardCharsets.ISO_8859_1)).array();
    }

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }
}
