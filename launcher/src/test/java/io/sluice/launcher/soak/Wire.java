package io.sluice.launcher.soak;

import io.sluice.launcher.HttpMessage;
import io.sluice.launcher.HttpPeer;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** One end of a connection, which knows what the other end has to send. For one reading and one writing thread. */
final class Wire {

    /** Longer than the other end is silent unless something is stuck. */
    private static final int PATIENCE_MS = 40_000;
    private static final int[] PIECES = {1, 100, 1000, 5000, 16_384, 65_536, 262_144};
    /** Many pieces must not take too long. */
    private static final int LEAST_PIECES = 50;

    private final HttpPeer peer;
    /** Below TLS, if there is any. */
    private final Socket socket;
    private final Ledger ledger;
    private final String name;
    private final AtomicLong takenBytes = new AtomicLong();

    /** @param name of this end, for a reader */
    Wire(Socket connection, Socket socket, Ledger ledger, String name) throws IOException {
        peer = HttpPeer.on(connection);
        connection.setSoTimeout(PATIENCE_MS);
        this.socket = socket;
        this.ledger = ledger;
        this.name = name;
    }

    HttpPeer peer() {
        return peer;
    }

    boolean isSecure() {
        return peer.socket() != socket;
    }

    void violation(Talk talk, String what) {
        ledger.violation(name + ": " + what + ", " + talk);
    }

    // ---- what the kernel knows, from any thread ----

    /**
     * Whether the other end has written what the kernel has yet to deliver here. It may take minutes: if this end's
     * window is just short of a segment, the kernel sends one window's bytes for each of its probes.
     */
    boolean isBeingDelivered() {
        return TcpSocket.of(remote(), local()).stream().anyMatch(TcpSocket::isDelivering);
    }

    /** For a reader, should it hang. */
    String situation() {
        return takenBytes() + " bytes taken; here " + TcpSocket.of(local(), remote()) + ", there "
                + TcpSocket.of(remote(), local()) + "\n    " + TcpSocket.details(local());
    }

    private InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private InetSocketAddress remote() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    // ---- sending ----

    /** Sends these bytes of a content in pieces. */
    void send(long key, int from, int until, Talk talk, Random random) throws IOException {
        for (int at = from; at < until; ) {
            int count = Math.min(until - at, piece(random, until - from));
            pause(talk, random);
            peer.send(Content.bytes(key, at, count));
            at += count;
        }
    }

    /** Sends the first bytes of a content as a chunked body; one that is cut has no last chunk. */
    void sendChunks(long key, int until, boolean isCut, Talk talk, Random random) throws IOException {
        for (int at = 0; at < until; ) {
            int count = Math.min(until - at, piece(random, until));
            pause(talk, random);
            peer.send(Integer.toHexString(count) + "\r\n");
            peer.send(Content.bytes(key, at, count));
            peer.send("\r\n");
            at += count;
        }
        if (!isCut) {
            peer.send(random.nextBoolean() ? "0\r\n\r\n" : "0\r\nX-Trailer: t\r\n\r\n");
        }
    }

    private static int piece(Random random, int total) {
        return Math.max(PIECES[random.nextInt(PIECES.length)], total / LEAST_PIECES);
    }

    // ---- taking ----

    /** How many bytes have been taken; of TLS, those within. From any thread. */
    long takenBytes() {
        return takenBytes.get();
    }

    /** Takes the next message's head. */
    HttpMessage head() throws IOException {
        HttpMessage head = peer.head();
        for (String line : head.head()) {
            takenBytes.addAndGet(line.length() + 2);
        }
        takenBytes.addAndGet(2);
        return head;
    }

    String line() throws IOException {
        String line = peer.line();
        takenBytes.addAndGet(line.length() + 2);
        return line;
    }

    /** Takes these bytes of a content. @throws EOFException if the connection ends before */
    void take(long key, int from, int count, Talk talk, Random random) throws IOException {
        for (int at = from; at < from + count; ) {
            pause(talk, random);
            byte[] piece = new byte[Math.min(from + count - at, piece(random, count))];
            int taken = peer.input().read(piece);
            if (taken < 0) {
                throw new EOFException("after " + at + " of " + (from + count) + " bytes");
            }
            byte[] expected = Content.bytes(key, at, taken);
            int wrong = Arrays.mismatch(piece, 0, taken, expected, 0, taken);
            if (wrong >= 0) {
                violation(talk, "wrong bytes from " + (at + wrong) + " on");
                throw new IOException("wrong bytes");
            }
            at += taken;
            takenBytes.addAndGet(taken);
        }
    }

    /** Takes the body of a message as its head has announced it, and checks its length. */
    void takeBody(HttpMessage head, long key, int length, Talk talk, Random random) throws IOException {
        int taken = 0;
        if (head.has("Transfer-Encoding")) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                take(key, taken, size, talk, random);
                taken += size;
                if (!line().isEmpty()) {
                    violation(talk, "a chunk longer than its size");
                }
            }
            while (!line().isEmpty()) {
                // Trailers are of no interest.
            }
        } else if (head.has("Content-Length")) {
            taken = Integer.parseInt(head.field("Content-Length"));
            take(key, 0, Math.min(taken, length), talk, random);
        }
        if (taken != length) {
            violation(talk, "a body of " + taken + " bytes seems complete");
        }
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    /** Waits for the other end's end, before which nothing may come. */
    void takeEnd(Talk talk) throws IOException {
        if (peer.input().read() >= 0) {
            violation(talk, "more than was sent");
        }
    }

    private static void pause(Talk talk, Random random) throws IOException {
        if (random.nextDouble() < talk.pause()) {
            sleep(random.nextInt(10));
        }
    }

    static void sleep(int ms) throws IOException {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    // ---- the end ----

    /** Ends this direction, and takes what still comes, so that the last bytes are not lost by a reset. */
    void finishAndDrain() throws IOException {
        peer.finish();
        peer.input().transferTo(OutputStream.nullOutputStream());
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void close() {
        try {
            peer.close();
            socket.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }
}
