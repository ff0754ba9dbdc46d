package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The client's address travels through Sluice in PROXY protocol headers. */
class ProxyProtocolPassageTest {

    private static final String TRUSTING = "proxy-protocol: { accept: required, trusted: [127.0.0.1] }, ";

    @Test
    void passesTheAddressesInAHeaderOnToTheServer() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = launch(TRUSTING, server, "v1");
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            // The header, and what comes right behind it, in one segment and in two.
            client.send("PROXY TCP4 203.0.113.7 192.0.2.1 4711 5432\r\nfirst\nsec");
            assertEquals("server PROXY TCP4 203.0.113.7 192.0.2.1 4711 5432", client.readLine());
            assertEquals("server first", client.readLine());
            assertEquals("server second", client.ask("ond"));
        }
    }

    @Test
    void tellsTheServerTheClientsOwnAddressWhereNoHeaderIsExpected() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = launch("", server, "v1");
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("server PROXY TCP4 127.0.0.1 127.0.0.1 " + client.socket().getLocalPort() + " "
                    + client.socket().getPort(), client.ask("hello"));
        }
    }

    @Test
    void sendsVersion2Too() throws Exception {
        byte[] header = HexFormat.of().parseHex(
                "0d0a0d0a000d0a515549540a" + "21" + "11" + "000c" + "cb007107" + "c0000201" + "1267" + "1538");
        Conversation echoHeader = (_, client) ->
                client.getOutputStream().write(client.getInputStream().readNBytes(header.length));
        try (NamedServer server = NamedServer.start("server", echoHeader);
             Sluice sluice = launch(TRUSTING, server, "v2");
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            client.send(new String(header, StandardCharsets.ISO_8859_1));
            assertArrayEquals(header, client.socket().getInputStream().readAllBytes());
        }
    }

    @Test
    void resetsAClientThatIsNotTrustedToSendAHeader() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = launch(TRUSTING, server, "off");
             TestClient client = TestClient.from("127.0.0.2", InProcess.address(sluice))) {
            assertTrue(client.awaitEndByReset());
        }
    }

    @Test
    void resetsAClientThatSendsSomethingElseThanAHeader() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = launch(TRUSTING, server, "off");
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            client.send("GET / HTTP/1.1\r\n\r\n");
            assertTrue(client.awaitEndByReset());
        }
    }

    private static Sluice launch(String listenerKeys, NamedServer server, String sent) throws Exception {
        return InProcess.launch("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, %s session-log: off }]
                pools: { pool: { servers: %s, send-proxy-protocol: %s } }
                """.formatted(listenerKeys, NamedServer.entries(server), sent));
    }
}
