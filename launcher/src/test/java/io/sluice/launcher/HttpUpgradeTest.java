package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After an upgrade both sides speak whatever they like; real servers and clients do so in WebSocket. */
class HttpUpgradeTest {

    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    private static final String POSTED_UPGRADE = "POST / HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\n"
            + "Upgrade: echo\r\nContent-Length: 5\r\n\r\n";
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

    @Test
    void passesOnWhatComesRightBehindTheHeadsAndBothEnds() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            HttpMessage head = peer.head();
            peer.send(SWITCHED + "first " + head.field("Upgrade") + " ");
            peer.send(peer.rest() + " last");
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(UPGRADE + "behind the head");
            HttpMessage response = client.response();
            assertEquals(101, response.status());
            assertEquals("echo", response.field("Upgrade"));
            assertEquals("first echo ", client.bytes(11));
            client.send(", later");
            client.finish();
            assertEquals("behind the head, later last", client.rest());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void passesOnAHeadLargerThanTheRoomBeforeItsLastPiece() throws Exception {
        String large = "x".repeat(20_000);
        CountDownLatch firstRead = new CountDownLatch(1);
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send("HTTP/1.1 101 Switching Protocols\r\nX-Large: " + large);
            Latches.await(firstRead);
            peer.send("\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nfirst");
            peer.send(peer.rest());
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(UPGRADE);
            await().until(() -> server.accepted() == 1);
            HttpSluice.awaitCycle(sluice);
            firstRead.countDown();
            HttpMessage response = client.response();
            assertEquals(101, response.status());
            assertEquals(large, response.field("X-Large"));
            assertEquals("first", client.bytes(5));
            client.send("echo");
            client.finish();
            assertEquals("echo", client.rest());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    /** Docker's clients do so: they say in the body what they want. */
    @Test
    void switchesBehindABody() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send(SWITCHED + peer.bytes(5));
            peer.send(peer.rest());
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(POSTED_UPGRADE + "hello, tunnel");
            client.finish();
            assertEquals(101, client.response().status());
            assertEquals("hello, tunnel", client.rest());
        }
    }

    /** A server that expects no body there, and does not switch, would take the body for the next request. */
    @Test
    void keepsNoServersConnectionAfterABodyThatCameWithAnUpgrade() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(POSTED_UPGRADE + "hello");
            assertEquals("server /", client.response().body());
            assertEquals("hello", origin.nextRequest().body());
            assertEquals("server /next", client.get("/next").body());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void goesOnInHttpWhenTheServerDoesNotSwitch() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(UPGRADE);
            assertEquals("server /", client.response().body());
            assertEquals("server /next", client.get("/next").body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "echo, h2c", "H2C , echo"})
    void makesNoTunnelThatMayCarryHttp2(String protocols) throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("server"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/", "Connection: upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABk", "Upgrade: " + protocols);
            HttpMessage request = origin.nextRequest();
            assertFalse(request.has("Upgrade") || request.has("Connection") || request.has("HTTP2-Settings"));
        }
    }

    @Test
    void pinsTheClientOfATunnel() throws Exception {
        try (HttpOrigin origin = HttpOrigin.saying(SWITCHED);
             Sluice sluice = HttpSluice.before("sticky: { cookie: SRV }", origin);
             HttpPeer client = HttpPeer.to(sluice); HttpPeer again = HttpPeer.to(sluice)) {
            client.send(UPGRADE);
            String cookie = client.response().field("Set-Cookie");
            assertTrue(cookie.startsWith("SRV="), cookie);
            again.send(UPGRADE.replace("Host", "Cookie: " + cookie.substring(0, cookie.indexOf(';')) + "\r\nHost"));
            assertFalse(again.response().has("Set-Cookie"));
        }
    }

    @Test
    void tellsTheClientWhichProtocolTheServerDemands() throws Exception {
        try (HttpOrigin origin = HttpOrigin.saying("HTTP/1.1 426 Upgrade Required\r\nConnection: upgrade\r\n"
                + "Upgrade: echo\r\nContent-Length: 0\r\n\r\n");
             Sluice sluice = HttpSluice.before(origin); HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            assertEquals("echo", response.field("Upgrade"));
            assertEquals("upgrade", response.field("Connection"));
        }
    }

    @Test
    void aTunnelThatIsResetIsResetOnTheOtherSide() throws Exception {
        try (NamedServer server = NamedServer.start("server", (_, socket) -> {
            HttpPeer peer = HttpPeer.on(socket);
            peer.head();
            peer.send(SWITCHED);
            peer.bytes(1);
            peer.reset();
        });
             Sluice sluice = HttpSluice.launch("pool: pool", NamedServer.entries(server), "");
             HttpPeer client = HttpPeer.to(sluice)) {
            client.send(UPGRADE);
            client.response();
            client.send("x");
            assertTrue(client.awaitEndByReset());
            HttpSluice.awaitNothingHeld(sluice);
        }
    }

    @Test
    void carriesWebSocketAndHttpBetweenJettyAndTheJdksClient() throws Exception {
        Server jetty = jetty();
        try (Sluice sluice = HttpSluice.launch("pool: pool", "[{ name: jetty, address: 127.0.0.1:"
                + ((ServerConnector) jetty.getConnectors()[0]).getLocalPort() + " }]", "");
             HttpClient http = HttpClient.newHttpClient()) {
            String authority = "127.0.0.1:" + InProcess.address(sluice).getPort();
            Received received = new Received();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://" + authority + "/echo"), received).join();
            String large = "x".repeat(60_000);
            socket.sendText("hello", true).join();
            assertEquals("hello", received.next());
            socket.sendText(large, true).join();
            assertEquals(large, received.next());
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
            assertEquals("closed 1000", received.next());
            byte[] body = large.getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 20; i++) {
                HttpResponse<byte[]> response = http.send(HttpRequest.newBuilder(
                        URI.create("http://" + authority + "/body")).POST(i % 2 == 0
                                ? HttpRequest.BodyPublishers.ofByteArray(body)
                                : HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                                .build(), HttpResponse.BodyHandlers.ofByteArray());
                assertEquals(200, response.statusCode());
                assertEquals(ByteBuffer.wrap(body), ByteBuffer.wrap(response.body()));
            }
        } finally {
            jetty.stop();
        }
    }

    @Test
    void anUnaskedSwitchIsAnErrorOfTheServer() throws Exception {
        try (HttpOrigin origin = HttpOrigin.saying(SWITCHED); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            HttpMessage response = client.get("/");
            assertEquals(502, response.status());
            assertFalse(response.has("Upgrade"));
        }
    }

    /** Echoes WebSocket messages at /echo and bodies elsewhere. */
    private static Server jetty() throws Exception {
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        WebSocketUpgradeHandler upgrade = WebSocketUpgradeHandler.from(jetty, container ->
                container.addMapping("/echo", (_, _, _) -> new Echo()));
        upgrade.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
                Content.copy(request, response, callback);
                return true;
            }
        });
        jetty.setHandler(upgrade);
        jetty.start();
        return jetty;
    }

    /** Sends back what it gets. */
    public static final class Echo implements Session.Listener.AutoDemanding {

        private Session session;

        @Override
        public void onWebSocketOpen(Session opened) {
            session = opened;
        }

        @Override
        public void onWebSocketText(String message) {
            session.sendText(message, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }

    /** Whole messages as they come. */
    private static final class Received implements WebSocket.Listener {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                messages.add(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            messages.add("closed " + status);
            return null;
        }

        String next() throws InterruptedException {
            return messages.poll(10, TimeUnit.SECONDS);
        }
    }
}
