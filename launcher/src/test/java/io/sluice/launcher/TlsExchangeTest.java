package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.core.connect.Connector;
import io.sluice.core.stats.Counter;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** HTTP over TLS with clients and with servers, which here are another Sluice's listener. */
class TlsExchangeTest {

    private static final String CLIENTS = "tls: { certificates: [{ chain: %1$s/shop-ec.pem, key: %1$s/shop-ec.key }], "
            .formatted(ShippedTls.CERTIFICATES) + "handshake-timeout: %s }, pool: pool";
    private static final byte CHANGE_CIPHER_SPEC = 20;
    private static final int RECORD_HEADER_BYTES = 5;
    private static final String SERVER_NAME = "shop.example.com";
    private static final String VERIFIED = "tls: { ca: " + ShippedTls.CERTIFICATES + "/test-ca.pem, server-name: %s }";

    @Test
    void servesManyRequestsOverKeptConnectionsOfTls() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("web"); Sluice servers = servers(origin);
             Sluice sluice = before(servers, SERVER_NAME); HttpPeer client = client(sluice)) {
            for (int i = 0; i < 100; i++) {
                assertEquals("web /" + i, client.get("/" + i).body());
            }
            assertEquals(1, origin.connections());
            assertEquals(1, servers.connections());
        }
    }

    @Test
    void passesLargeBodiesBothWays() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("web",
                (_, peer, request) -> peer.send(HttpOrigin.ok(request.body()))); Sluice servers = servers(origin);
             Sluice sluice = before(servers, SERVER_NAME); HttpPeer client = client(sluice)) {
            String body = "0123456789abcdef".repeat(512 * 1024);
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                assertEquals(body, client.response().body());
            }
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** The kernel takes the response long before the client does. */
    @Test
    void losesNoResponseOverWhatAClientSendsBehindItsLastRequest() throws Exception {
        String body = "x".repeat(1_000_000);
        try (HttpOrigin origin = HttpOrigin.start("web", (_, peer, _) -> peer.send(HttpOrigin.ok(body)));
             Sluice sluice = servers(origin); HttpPeer client = client(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            await().until(() -> sluice.stats().sum(Counter.HTTP_REQUESTS) == 1);
            await().until(() -> InProcess.server(sluice, "web").connections() == 0);
            client.send("x".repeat(100_000));
            HttpSluice.awaitCycle(sluice);
            assertEquals(body, client.response().body());
            assertFalse(client.awaitEndByReset());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void tellsAServerOfACertificateWhatTheRouteLeaves() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("web"); Sluice sluice = HttpSluice.launch("""
                tls: { certificates: [{ chain: %1$s/shop-ec.pem, key: %1$s/shop-ec.key }], client-auth: {
                  ca: %1$s/clients.pem, headers: { X-Subject: subject, X-San: san, X-Serial: serial } } },
                routes: [{ pool: pool, request-headers: { set: { x-san: told }, remove: [X-Serial] } }]
                """.formatted(ShippedTls.CERTIFICATES), HttpOrigin.entries(origin), "");
             HttpPeer client = HttpPeer.on(ShippedTls.showing("client").connect(InProcess.address(sluice),
                     SERVER_NAME))) {
            client.get("/");
            HttpMessage request = origin.nextRequest();
            assertEquals(List.of("CN=partner-1"), request.fields("X-Subject"));
            assertEquals(List.of("told"), request.fields("X-San"));
            assertEquals(List.of(), request.fields("X-Serial"));
        }
    }

    @Test
    void doesNotBelieveAServerOfAnotherName() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("web"); Sluice servers = servers(origin);
             Sluice sluice = before(servers, "other.example.com"); HttpPeer client = client(sluice)) {
            assertEquals(502, client.get("/").status());
            assertEquals(0, origin.connections());
        }
    }

    @Test
    void tellsOnceOfAServerWithoutTlsBesideOneThatHasIt() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(Connector.class);
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        log.addAppender(told);
        try (ServerSocket without = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
             HttpOrigin origin = HttpOrigin.start("web"); Sluice servers = servers(origin);
             Sluice sluice = InProcess.launch("""
                     workers: 1
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool }]
                     pools: { pool: { servers: [{ name: with, address: "127.0.0.1:%d" },
                       { name: without, address: "127.0.0.1:%d" }], tls: { verify: false } } }
                     """.formatted(InProcess.address(servers).getPort(), without.getLocalPort()))) {
            Thread.startVirtualThread(() -> endAll(without));
            for (int i = 0; i < 10; i++) {
                try (HttpPeer client = HttpPeer.to(sluice)) {
                    assertEquals("web /", client.get("/").body());
                }
            }
            assertEquals(1, told.list.size(), told.list::toString);
        } finally {
            log.detachAppender(told);
        }
    }

    @Test
    void tellsAClientThatSpeaksPlainHttp() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("web"); Sluice sluice = servers(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            assertEquals(400, response.status());
            assertTrue(response.body().contains("HTTPS"), response.body());
            client.leave();
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** The request to the one server is lost; to the other it goes at once, over a kept connection. */
    @Test
    void doesNotTakeTheServerOfARetryForTheOneThatHasReset() throws Exception {
        CompletableFuture<Sluice> started = new CompletableFuture<>();
        try (NamedServer tls = NamedServer.start("tls",
                ShippedTls.showing("shop-ec").overTls(TlsExchangeTest::speakTls12));
             NamedServer bad = NamedServer.start("bad",
                     (_, client) -> resetBehindHandshake(client, tls, started.join()));
             HttpOrigin origin = HttpOrigin.start("good"); Sluice good = servers(origin);
             Sluice sluice = HttpSluice.launch("pool: pool", "[{ name: good, address: \"127.0.0.1:"
                     + InProcess.address(good).getPort() + "\" }, " + bad.entry("") + "]",
                     "tls: { verify: false }, retry: { on: [502], attempts: 1 }");
             HttpPeer client = HttpPeer.to(sluice)) {
            started.complete(sluice);
            assertEquals("good /kept", client.get("/kept").body());
            assertEquals("good /retried", client.get("/retried").body());
            assertEquals(1, sluice.stats().sum(Counter.HTTP_RETRIES));
            assertEquals(2, origin.requests().size());
        }
    }

    @Test
    void givesUpHandshakesThatDoNotComeToAnEnd() throws Exception {
        List<HttpPeer> clients = new ArrayList<>();
        try (HttpOrigin origin = HttpOrigin.start("web");
             Sluice sluice = HttpSluice.launch(CLIENTS.formatted("1s"), HttpOrigin.entries(origin), "")) {
            for (int i = 0; i < 200; i++) {
                HttpPeer client = HttpPeer.to(sluice);
                // The beginning of a ClientHello of 512 bytes, of every second one.
                client.send(i % 2 == 0 ? new byte[0] : new byte[] {22, 3, 1, 2, 0, 1, 0});
                clients.add(client);
            }
            for (HttpPeer client : clients) {
                client.awaitEndByReset();
            }
            HttpSluice.awaitNothingHeld(sluice);
            await().until(() -> sluice.connections() == 0);
        } finally {
            for (HttpPeer client : clients) {
                client.close();
            }
        }
    }

    private static void speakTls12(String name, Socket client) throws IOException {
        ((SSLSocket) client).setEnabledProtocols(new String[] {"TLSv1.2"});
        client.getInputStream().read();
    }

    /** Passes on a handshake with another server, whose end and a reset reach the client in one cycle of its loop. */
    private static void resetBehindHandshake(Socket client, NamedServer tls, Sluice sluice) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), tls.port())) {
            Thread.startVirtualThread(() -> passOn(client, server));
            client.setTcpNoDelay(true);
            DataInputStream records = new DataInputStream(server.getInputStream());
            byte[] record = record(records);
            while (record[0] != CHANGE_CIPHER_SPEC) {
                client.getOutputStream().write(record);
                record = record(records);
            }
            byte[] change = record;
            byte[] finished = record(records);
            HttpSluice.whileHeld(sluice, () -> {
                client.getOutputStream().write(change);
                client.getOutputStream().write(finished);
                NamedServer.reset(client);
            });
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static void passOn(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Reset.
        }
    }

    private static byte[] record(DataInputStream in) throws IOException {
        byte[] header = in.readNBytes(RECORD_HEADER_BYTES);
        if (header.length < RECORD_HEADER_BYTES) {
            throw new EOFException();
        }
        int contentBytes = ByteBuffer.wrap(header).getShort(RECORD_HEADER_BYTES - Short.BYTES);
        return ByteBuffer.allocate(header.length + contentBytes).put(header).put(in.readNBytes(contentBytes)).array();
    }

    /** A server that ends each connection at once. */
    private static void endAll(ServerSocket listening) {
        try {
            for (;;) {
                listening.accept().close();
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /** A listener of TLS before that server. */
    private static Sluice servers(HttpOrigin origin) throws Exception {
        return HttpSluice.launch(CLIENTS.formatted("10s"), HttpOrigin.entries(origin), "");
    }

    /** The same before those, which it speaks TLS with. */
    private static Sluice before(Sluice servers, String name) throws Exception {
        return HttpSluice.launch(CLIENTS.formatted("10s"),
                "[{ name: web, address: \"127.0.0.1:" + InProcess.address(servers).getPort() + "\" }]",
                VERIFIED.formatted(name));
    }

    private static HttpPeer client(Sluice sluice) throws Exception {
        SSLSocket socket = ShippedTls.anonymous().connect(InProcess.address(sluice), SERVER_NAME);
        return HttpPeer.on(socket);
    }
}
