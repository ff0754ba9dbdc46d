package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A blocking client that speaks in lines; it never waits for longer than ten seconds. For one thread. */
final class TestClient implements AutoCloseable {

    private static final int PATIENCE_MS = 10_000;

    private final Socket socket;
    /** Null if the connection was reset so soon that connecting did not even return. */
    private final InputStream in;

    private TestClient(Socket socket, InputStream in) {
        this.socket = socket;
        this.in = in;
    }

    static TestClient to(InetSocketAddress address) throws IOException {
        return connect(new Socket(), address);
    }

    /** Connects from a certain loopback address. */
    static TestClient from(String localAddress, InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(localAddress), 0));
        return connect(socket, address);
    }

    static void assertServed(String localAddress, Sluice sluice) throws IOException {
        try (TestClient client = from(localAddress, InProcess.address(sluice))) {
            assertEquals("server", client.askForName());
        }
    }

    static void assertReset(String localAddress, Sluice sluice) throws IOException {
        try (TestClient client = from(localAddress, InProcess.address(sluice))) {
            assertTrue(client.awaitEndByReset());
        }
    }

    /** Over a connection that there is already. */
    static TestClient on(Socket connected) throws IOException {
        return new TestClient(connected, new BufferedInputStream(connected.getInputStream()));
    }

    private static TestClient connect(Socket socket, InetSocketAddress address) throws IOException {
        try {
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(address, PATIENCE_MS);
            return new TestClient(socket, new BufferedInputStream(socket.getInputStream()));
        } catch (ConnectException | SocketTimeoutException e) {
            socket.close();
            throw e;
        } catch (SocketException e) {
            socket.close();
            return new TestClient(socket, null);
        }
    }

    Socket socket() {
        return socket;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a line and returns the answer, or null if the connection ends instead. */
    String ask(String line) throws IOException {
        send(line + "\n");
        return readLine();
    }

    /** The name of the server that answers. */
    String askForName() throws IOException {
        String answer = ask("hello");
        if (answer == null) {
            throw new IOException("the connection ended without an answer");
        }
        return answer.substring(0, answer.indexOf(' '));
    }

    /** The next line without its end, or null at the end. */
    String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether something can be read at this moment. */
    boolean hasInput() throws IOException {
        return in.available() > 0;
    }

    /** Ends the client's direction only. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        NamedServer.reset(socket);
    }

    /** Waits for the connection's end: true if it is a reset, false if it is an orderly one. */
    boolean awaitEndByReset() throws IOException {
        if (in == null) {
            return true;
        }
        try {
            while (in.read() >= 0) {
                // What still comes does not matter.
            }
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Closes the connection in the middle of a test; {@link #close} is for its end. */
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
