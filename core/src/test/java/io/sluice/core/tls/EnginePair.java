package io.sluice.core.tls;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A client's engine and a server's with nothing but memory between them. Owned by one thread. */
final class EnginePair {

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final int ROUNDS = 50;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocateDirect(64 * 1024);
    private final ByteBuffer toClient = ByteBuffer.allocateDirect(64 * 1024);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(32 * 1024);
    private int bytesToClient;

    private EnginePair(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /** Shakes hands and sends a word each way. */
    static EnginePair connect(SSLEngine client, SSLEngine server) throws SSLException {
        EnginePair pair = new EnginePair(client, server);
        pair.shakeHands();
        pair.exchange();
        return pair;
    }

    /** The same, up to what the client hears last if the server refuses it. */
    static EnginePair connectToTheEnd(SSLEngine client, SSLEngine server) throws SSLException {
        EnginePair pair = new EnginePair(client, server);
        try {
            pair.shakeHands();
            pair.exchange();
        } catch (SSLException e) {
            pair.send(server, NOTHING, pair.toClient);
            pair.receive(client, pair.toClient);
            throw e;
        }
        return pair;
    }

    /** What the server says to a ClientHello that it refuses, as it goes over the wire. */
    static byte[] refusal(SSLEngine client, SSLEngine server) throws SSLException {
        EnginePair pair = new EnginePair(client, server);
        pair.send(client, NOTHING, pair.toServer);
        try {
            pair.receive(server, pair.toServer);
            // The JDK tells of what a task has found when it is asked for more.
            pair.send(server, NOTHING, pair.toClient);
            throw new AssertionError("the server refuses nothing");
        } catch (SSLException e) {
            pair.send(server, NOTHING, pair.toClient);
        }
        byte[] said = new byte[pair.toClient.flip().remaining()];
        pair.toClient.get(said);
        return said;
    }

    /** Why the server does not come to an end with the client, which may refuse it, too. */
    static SSLException failureOfServer(SSLEngine client, SSLEngine server) {
        EnginePair pair = new EnginePair(client, server);
        for (int round = 0; round < ROUNDS; round++) {
            try {
                pair.receive(client, pair.toClient);
                pair.send(client, NOTHING, pair.toServer);
            } catch (SSLException e) {
                // The client says why with the next round.
                continue;
            }
            try {
                pair.receive(server, pair.toServer);
                pair.send(server, NOTHING, pair.toClient);
            } catch (SSLException e) {
                return e;
            }
        }
        throw new AssertionError("the server refuses nothing");
    }

    /** Why the server gives up a client that says goodbye at the first record it gets. */
    static SSLException failureOfServerLeftBy(SSLEngine client, SSLEngine server) throws SSLException {
        EnginePair pair = new EnginePair(client, server);
        pair.send(client, NOTHING, pair.toServer);
        pair.receive(server, pair.toServer);
        pair.send(server, NOTHING, pair.toClient);
        client.unwrap(pair.toClient.flip(), pair.plain);
        runTasks(client);
        client.closeOutbound();
        while (!client.isOutboundDone()) {
            client.wrap(NOTHING, pair.toServer);
        }
        return assertThrows(SSLException.class, () -> pair.receive(server, pair.toServer));
    }

    private void shakeHands() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < ROUNDS && !(isDone(client) && isDone(server)); round++) {
            send(client, NOTHING, toServer);
            receive(server, toServer);
            send(server, NOTHING, toClient);
            receive(client, toClient);
        }
        if (!isDone(client) || !isDone(server)) {
            throw new AssertionError("no end: " + client.getHandshakeStatus() + ", " + server.getHandshakeStatus());
        }
    }

    /** What comes after the handshake, such as tickets, arrives with it. */
    void exchange() throws SSLException {
        send(client, word(), toServer);
        receive(server, toServer);
        send(server, word(), toClient);
        receive(client, toClient);
    }

    private static ByteBuffer word() {
        byte[] word = "hello".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(word.length).put(word).flip();
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private void send(SSLEngine from, ByteBuffer text, ByteBuffer wire) throws SSLException {
        int before = wire.position();
        do {
            SSLEngineResult result = from.wrap(text, wire);
            runTasks(from);
            if (result.bytesProduced() == 0 && result.bytesConsumed() == 0) {
                break;
            }
        } while (from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP || text.hasRemaining());
        if (wire == toClient) {
            bytesToClient += wire.position() - before;
        }
    }

    private void receive(SSLEngine to, ByteBuffer wire) throws SSLException {
        wire.flip();
        try {
            SSLEngineResult result;
            do {
                plain.clear();
                result = to.unwrap(wire, plain);
                runTasks(to);
            } while (wire.hasRemaining() && result.bytesConsumed() > 0);
        } finally {
            wire.compact();
        }
    }

    private static void runTasks(SSLEngine engine) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    SSLEngine client() {
        return client;
    }

    SSLEngine server() {
        return server;
    }

    String protocol() {
        return client.getSession().getProtocol();
    }

    /** The certificate that the client got. */
    X509Certificate certificate() throws SSLException {
        return (X509Certificate) client.getSession().getPeerCertificates()[0];
    }

    /** All that the server has sent; a handshake that takes a session up again has no certificate in it. */
    int bytesToClient() {
        return bytesToClient;
    }
}
