package io.sluice.launcher.soak;

import io.sluice.launcher.Conversation;
import io.sluice.launcher.HttpMessage;
import io.sluice.launcher.NamedServer;
import io.sluice.launcher.ShippedTls;
import io.sluice.launcher.soak.Talk.Fate;
import io.sluice.launcher.soak.Talk.Framing;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A server of either protocol that does what the talks say, and checks that it gets what they say. Safe from any
 * thread.
 */
final class SoakServer implements AutoCloseable {

    static final String CHECKED_PATH = "/health";

    private static final byte FIRST_OF_PROXY_V2 = '\r';
    private static final int PROXY_V2_SIGNATURE = 12;

    /** With its pool's, for a reader. */
    private final String name;
    private final Kind kind;
    private final Ledger ledger;
    private final ShippedTls tls;
    private final NamedServer server;

    SoakServer(String name, Kind kind, Ledger ledger, ShippedTls tls) throws IOException {
        this.name = kind + "/" + name;
        this.kind = kind;
        this.ledger = ledger;
        this.tls = tls;
        server = NamedServer.start(name, (_, socket) -> hold(socket));
    }

    NamedServer server() {
        return server;
    }

    private void hold(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        try {
            String source = kind.hasProxyHeader() ? proxySource(socket) : null;
            Conversation inner = (_, connection) -> serve(new Wire(connection, socket, ledger, name), source);
            (kind.hasTls() ? tls.overTls(inner) : inner).hold(name, socket);
        } catch (RuntimeException | AssertionError e) {
            ledger.violation(name + " cannot read what it got: " + e);
        }
    }

    /** Reads the header of the PROXY protocol, and no byte more. */
    private static String proxySource(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte first = in.readByte();
        if (first != FIRST_OF_PROXY_V2) {
            StringBuilder line = new StringBuilder();
            for (byte next = first; next != '\n'; next = in.readByte()) {
                line.append((char) next);
            }
            String[] words = line.toString().split(" ");
            return words[1].equals("UNKNOWN") ? null : words[2] + ":" + words[4];
        }
        in.readNBytes(PROXY_V2_SIGNATURE + 1);
        ByteBuffer addresses = ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort()));
        if (!addresses.hasRemaining()) {
            return null;
        }
        byte[] address = new byte[4];
        addresses.get(0, address);
        return InetAddress.getByAddress(address).getHostAddress() + ":" + (addresses.getShort(8) & 0xFFFF);
    }

    private void serve(Wire wire, String source) throws IOException {
        try {
            boolean hasMore = wire.peer().hasMore();
            if (hasMore && !kind.isHttp()) {
                serveSession(wire, source);
            } else {
                while (hasMore) {
                    hasMore = serveRequest(wire, source) && wire.peer().hasMore();
                }
            }
        } finally {
            wire.close();
        }
    }

    private void serveSession(Wire wire, String source) throws IOException {
        Talk talk = ledger.onSeen(wire.line(), source, name);
        if (talk != null) {
            new Session(wire, ledger, talk).holdAsServer();
        }
    }

    /** @return whether another request may follow */
    private boolean serveRequest(Wire wire, String source) throws IOException {
        HttpMessage head = wire.head();
        if (head.target().equals(CHECKED_PATH)) {
            wire.peer().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return true;
        }
        Talk talk = ledger.onSeen(Talk.id(head.target()), source, name);
        if (talk == null) {
            return false;
        }
        checkHead(wire, head, talk);
        Random random = talk.random("server");
        if (talk.fate() == Fate.EARLY_ANSWER) {
            wire.peer().send("HTTP/1.1 413 Early\r\n" + responseFields(talk) + "Content-Length: 0\r\n\r\n");
            wire.takeBody(head, talk.upKey(), talk.up(), talk, random);
            return true;
        }
        if (head.has("Expect")) {
            wire.peer().send("HTTP/1.1 100 Continue\r\n\r\n");
        }
        wire.takeBody(head, talk.upKey(), talk.isStream() ? 0 : talk.up(), talk, random);
        Wire.sleep(talk.delayMs());
        if (talk.isStream()) {
            wire.peer().send("HTTP/1.1 101 Switched\r\nConnection: upgrade\r\nUpgrade: soak\r\n" + responseFields(talk)
                    + "\r\n");
            new Session(wire, ledger, talk).holdAsServer();
            return false;
        }
        for (int i = 0; i < talk.hints(); i++) {
            wire.peer().send("HTTP/1.1 103 Early Hints\r\n" + responseFields(talk) + "\r\n");
        }
        return answer(wire, talk, random);
    }

    private String responseFields(Talk talk) {
        return talk.responseFields() + "X-Server: " + name + "\r\n";
    }

    private static void checkHead(Wire wire, HttpMessage head, Talk talk) {
        boolean isSame = head.startLine().equals(Requests.startLine(talk)) && head.field("X-Id").equals(talk.id())
                && head.field("X-Padding").equals(Content.letters(talk.upKey(), talk.padding()))
                && head.field("Host").equals("soak");
        if (!isSame) {
            wire.violation(talk, "another head: " + head.head());
        }
    }

    private boolean answer(Wire wire, Talk talk, Random random) throws IOException {
        switch (talk.fate()) {
            case SERVER_CLOSES -> {
                return false;
            }
            case GARBAGE -> {
                wire.peer().send(Content.bytes(talk.upKey(), 0, 300));
                return false;
            }
            case SECOND_RESPONSE -> {
                String body = talk.method() == Talk.Method.HEAD ? "" : new String(
                        Content.bytes(talk.downKey(), 0, talk.down()), StandardCharsets.ISO_8859_1);
                wire.peer().send(head(talk) + body + "HTTP/1.1 200 OK\r\nX-Id: nobody's\r\nContent-Length: 0\r\n\r\n");
                return true;
            }
            default -> { }
        }
        boolean isCut = talk.fate() == Fate.SERVER_RESETS;
        wire.peer().send(head(talk));
        if (talk.method() != Talk.Method.HEAD) {
            int until = isCut ? talk.turnsAtByte() : talk.down();
            if (talk.framing() == Framing.CHUNKS) {
                wire.sendChunks(talk.downKey(), until, isCut, talk, random);
            } else {
                wire.send(talk.downKey(), 0, until, talk, random);
            }
        }
        if (isCut) {
            wire.reset();
            return false;
        }
        if (closes(talk)) {
            wire.finishAndDrain();
        }
        return !closes(talk) && talk.fate() != Fate.CLOSES_UNANNOUNCED;
    }

    private String head(Talk talk) {
        return "HTTP/1.1 200 OK\r\n" + responseFields(talk) + switch (talk.framing()) {
            case LENGTH -> "Content-Length: " + talk.down() + "\r\n";
            case CHUNKS -> "Transfer-Encoding: chunked\r\n";
            case CLOSE -> "";
        } + (closes(talk) ? "Connection: close\r\n\r\n" : "\r\n");
    }

    private static boolean closes(Talk talk) {
        return talk.framing() == Framing.CLOSE;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
