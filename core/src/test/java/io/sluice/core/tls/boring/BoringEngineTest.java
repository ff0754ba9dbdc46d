package io.sluice.core.tls.boring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.net.TlsEngines;
import io.sluice.core.net.TlsKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two engines with nothing but memory between them. */
class BoringEngineTest {

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final int HANDSHAKES = 2_000;

    private final ByteBuffer toServer = ByteBuffer.allocateDirect(64 * 1024);
    private final ByteBuffer toClient = ByteBuffer.allocateDirect(64 * 1024);
    private long livingBefore;
    private SSLEngine client;
    private SSLEngine server;

    @BeforeEach
    void count() {
        livingBefore = NativeConnection.living();
    }

    @AfterEach
    void losesNone() {
        close(client);
        close(server);
        assertEquals(livingBefore, NativeConnection.living(), "engines leaked");
    }

    private static void close(SSLEngine engine) {
        try {
            engine.closeOutbound();
            engine.closeInbound();
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
    }

    private void make(String... versions) {
        server = TlsKeys.ec().servers(TlsKeys.Maker.BORINGSSL, versions).newEngine(null);
        client = TlsKeys.ec().clients(TlsKeys.Maker.BORINGSSL, versions).newEngine(null);
    }

    private void connect(String... versions) throws SSLException {
        make(versions);
        while (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
                || server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            speak(client, toServer);
            listen(server, toServer);
            speak(server, toClient);
            listen(client, toClient);
        }
    }

    private static void speak(SSLEngine engine, ByteBuffer wire) throws SSLException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(NOTHING, wire);
        }
    }

    private static void listen(SSLEngine engine, ByteBuffer wire) throws SSLException {
        wire.flip();
        ByteBuffer content = ByteBuffer.allocateDirect(1);
        while (engine.unwrap(wire, content).bytesConsumed() > 0) {
            assertEquals(0, content.position());
        }
        wire.compact();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String heard(SSLEngine engine, ByteBuffer wire) throws SSLException {
        ByteBuffer content = ByteBuffer.allocate(1024);
        wire.flip();
        while (engine.unwrap(wire, content).bytesConsumed() > 0) {
            assertTrue(content.hasRemaining());
        }
        wire.compact();
        return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void takesRecordsOnlyWholeWhereverTheyAreCut(String version) throws SSLException {
        connect(version);
        client.wrap(bytes("hello"), toServer);
        int length = toServer.position();
        ByteBuffer content = ByteBuffer.allocateDirect(5);
        for (int cut = 0; cut < length; cut++) {
            SSLEngineResult result = server.unwrap(toServer.duplicate().position(0).limit(cut), content);
            assertEquals(Status.BUFFER_UNDERFLOW, result.getStatus());
            assertEquals(0, result.bytesConsumed());
        }
        assertEquals("hello", heard(server, toServer));
    }

    @Test
    void handsOutARecordInPartsWhereThereIsTooLittleRoom() throws SSLException {
        connect("TLSv1.3");
        client.wrap(bytes("hello"), toServer);
        toServer.flip();
        ByteBuffer two = ByteBuffer.allocateDirect(2);
        StringBuilder heard = new StringBuilder();
        SSLEngineResult result;
        do {
            result = server.unwrap(toServer, two.clear());
            heard.append(StandardCharsets.US_ASCII.decode(two.flip()));
        } while (result.getStatus() == Status.BUFFER_OVERFLOW);
        assertEquals("hello", heard.toString());
        assertFalse(toServer.hasRemaining());
    }

    @Test
    void speaksOnAfterThePeerHasEndedItsDirection() throws SSLException {
        connect("TLSv1.3");
        client.closeOutbound();
        speak(client, toServer);
        assertEquals("", heard(server, toServer));
        assertTrue(server.isInboundDone());
        server.wrap(bytes("answer"), toClient);
        assertEquals("answer", heard(client, toClient));
    }

    @Test
    void endsBothDirectionsBeforeTls13() throws SSLException {
        connect("TLSv1.2");
        client.closeOutbound();
        speak(client, toServer);
        heard(server, toServer);
        assertEquals(HandshakeStatus.NEED_WRAP, server.getHandshakeStatus());
        SSLEngineResult result = server.wrap(bytes("answer"), toClient);
        assertEquals(Status.CLOSED, result.getStatus());
        assertEquals(0, result.bytesConsumed());
    }

    @Test
    void refusesARecordThatWasChangedAndTellsThePeer() throws SSLException {
        connect("TLSv1.3");
        client.wrap(bytes("hello"), toServer);
        toServer.put(7, (byte) ~toServer.get(7)).flip();
        assertThrows(SSLException.class, () -> server.unwrap(toServer, ByteBuffer.allocateDirect(100)));
        speak(server, toClient);
        assertTrue(assertThrows(SSLException.class, () -> heard(client, toClient)).getMessage()
                .contains("BAD_RECORD_MAC"));
    }

    /** As OpenSSL's clients refuse a certificate in TLS 1.3. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void understandsAnAlertInPlainText(String version) throws SSLException {
        make(version);
        speak(client, toServer);
        listen(server, toServer);
        speak(server, toClient);
        toServer.put(new byte[] {21, 3, 3, 0, 2, 2, 48});
        assertTrue(assertThrows(SSLException.class, () -> listen(server, toServer)).getMessage()
                .endsWith(":TLSV1_ALERT_UNKNOWN_CA"));
    }

    @Test
    void refusesWhatIsNoRecordAtOnce() {
        make("TLSv1.3");
        ByteBuffer noise = ByteBuffer.allocateDirect(5).put("GET /".getBytes(StandardCharsets.US_ASCII)).flip();
        assertThrows(SSLException.class, () -> server.unwrap(noise, ByteBuffer.allocateDirect(100)));
    }

    @Test
    void saysGoodbyeOnceAndHearsTheRest() throws SSLException {
        connect("TLSv1.3");
        client.wrap(bytes("hello"), toServer);
        server.unwrap(toServer.flip(), ByteBuffer.allocateDirect(2));
        server.closeOutbound();
        server.wrap(NOTHING, toClient);
        int said = toClient.position();
        server.wrap(NOTHING, toClient);
        assertEquals(said, toClient.position());
        ByteBuffer rest = ByteBuffer.allocateDirect(10);
        server.unwrap(toServer, rest);
        assertEquals("llo", StandardCharsets.US_ASCII.decode(rest.flip()).toString());
    }

    /** What the library throws has to be declared, and is not: nobody would catch it. */
    @Test
    void asksForNoNameThatIsTooLongAndLosesNothingByIt() {
        make("TLSv1.3");
        TlsEngines asking = TlsKeys.ec().clients("a".repeat(256));
        assertThrows(IllegalStateException.class, () -> asking.newEngine(null));
    }

    @Test
    void isClosedAndNothingElseOnceItIsFreed() throws SSLException {
        connect("TLSv1.3");
        client.wrap(bytes("hello"), toServer);
        close(server);
        assertEquals(Status.CLOSED, server.unwrap(toServer.flip(), ByteBuffer.allocateDirect(100)).getStatus());
        assertEquals(Status.CLOSED, server.wrap(bytes("hello"), toClient).getStatus());
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, server.getHandshakeStatus());
        assertEquals("", server.getApplicationProtocol());
        assertEquals("NONE", server.getSession().getProtocol());
        close(server);
    }

    /** A third is established, a third fails, and of a third nobody hears again. */
    @Test
    void leaksNothingByHandshakesHoweverTheyEnd() throws SSLException {
        connect("TLSv1.3");
        for (int i = 0; i < HANDSHAKES; i++) {
            SSLEngine one = i % 3 == 0 ? client : server;
            close(one == client ? server : client);
            close(one);
            toServer.clear();
            toClient.clear();
            switch (i % 3) {
                case 0 -> connect("TLSv1.3");
                case 1 -> {
                    make("TLSv1.2");
                    speak(client, toServer);
                    toServer.put(20, (byte) ~toServer.get(20)).put(5, (byte) 99);
                    assertThrows(SSLException.class, () -> listen(server, toServer));
                }
                default -> {
                    make("TLSv1.2");
                    speak(client, toServer);
                    listen(server, toServer);
                }
            }
            assertEquals(livingBefore + 2, NativeConnection.living());
        }
    }
}
