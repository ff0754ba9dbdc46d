package io.sluice.launcher;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One end of a raw HTTP/1.1 connection, client or server: sends exactly the bytes it is given and takes the other end's
 * messages apart without leniency. It waits for ten seconds at most, unless its socket is told otherwise. For one
 * thread.
 */
public final class HttpPeer implements AutoCloseable {

    private static final int PATIENCE_MS = 10_000;

    private final Socket socket;
    private final InputStream in;

    private HttpPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    }

    public static HttpPeer on(Socket socket) throws IOException {
        return new HttpPeer(socket);
    }

    static HttpPeer to(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, PATIENCE_MS);
        return new HttpPeer(socket);
    }

    /** A client of the listener that most tests have. */
    static HttpPeer to(Sluice sluice) throws IOException {
        return to(InProcess.address(sluice));
    }

    /**
     * Likewise, from a certain loopback address. It connects without a time limit, as with one the JDK reports a reset
     * that comes at once as a failure to connect.
     */
    static HttpPeer from(String localAddress, Sluice sluice) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(localAddress, 0));
        socket.connect(InProcess.address(sluice));
        return new HttpPeer(socket);
    }

    /** A client with small socket buffers, which soon takes no more if it does not read. */
    static HttpPeer slowTo(Sluice sluice) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(InProcess.address(sluice), PATIENCE_MS);
        return new HttpPeer(socket);
    }

    public Socket socket() {
        return socket;
    }

    public InputStream input() {
        return in;
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends each byte in a segment of its own, as far as the kernel goes along. */
    void trickle(String text) throws IOException {
        for (byte one : text.getBytes(StandardCharsets.ISO_8859_1)) {
            socket.getOutputStream().write(one);
        }
    }

    /** Sends a request without a body and returns the response. */
    HttpMessage get(String target, String... fields) throws IOException {
        send("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + lines(fields) + "\r\n");
        return response();
    }

    /** The answer to anything but HEAD. */
    HttpMessage response() throws IOException {
        return message(false);
    }

    /** The answer to HEAD. */
    HttpMessage responseWithoutBody() throws IOException {
        return head();
    }

    /** The next message's head; the body, if any, is not read. */
    public HttpMessage head() throws IOException {
        List<String> lines = fieldLines();
        if (lines.isEmpty()) {
            throw new IOException("a head without a line");
        }
        return new HttpMessage(lines, "", List.of());
    }

    /** The next request with its body; null at the end of the connection. */
    HttpMessage request() throws IOException {
        return hasMore() ? message(true) : null;
    }

    private HttpMessage message(boolean isRequest) throws IOException {
        HttpMessage head = head();
        boolean bodiless = !isRequest && (head.status() < 200 || head.status() == 204 || head.status() == 304);
        if (bodiless) {
            return head;
        }
        if (head.has("Transfer-Encoding")) {
            if (head.has("Content-Length") || !head.field("Transfer-Encoding").equals("chunked")) {
                throw new AssertionError("ambiguous framing: " + head.head());
            }
            String body = chunks();
            return new HttpMessage(head.head(), body, fieldLines());
        }
        if (head.has("Content-Length")) {
            return new HttpMessage(head.head(), bytes(Integer.parseInt(head.field("Content-Length"))), List.of());
        }
        return isRequest ? head : new HttpMessage(head.head(), rest(), List.of());
    }

    /** All that comes until the end. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Exactly so many bytes. */
    String bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException(bytes.length + " of " + count + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A line without its end, which must be CR LF. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("after: " + line);
            }
            line.write(b);
        }
        int behind = in.read();
        if (behind < 0) {
            throw new EOFException("after the CR of: " + line);
        }
        if (behind != '\n') {
            throw new AssertionError("a CR without LF behind: " + line);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Chunk by chunk, without extensions, to the last one. */
    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (String size = line(); ; size = line()) {
            if (!size.equals(Integer.toHexString(Integer.parseInt(size, 16)).toLowerCase(Locale.ROOT))
                    && !size.equals(Integer.toHexString(Integer.parseInt(size, 16)).toUpperCase(Locale.ROOT))) {
                throw new AssertionError("a chunk size not in its shortest form: " + size);
            }
            if (size.equals("0")) {
                return body.toString();
            }
            body.append(bytes(Integer.parseInt(size, 16)));
            if (!line().isEmpty()) {
                throw new AssertionError("a chunk longer than its size");
            }
        }
    }

    private List<String> fieldLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        return lines;
    }

    /** Waits for a byte or the end: true if there is a byte. */
    public boolean hasMore() throws IOException {
        in.mark(1);
        try {
            if (in.read() < 0) {
                return false;
            }
        } catch (SocketException e) {
            return false;
        }
        in.reset();
        return true;
    }

    /** Ends this direction only. */
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        NamedServer.reset(socket);
    }

    /** Waits for the connection's end: true if it is a reset, false if it is an orderly one. */
    boolean awaitEndByReset() throws IOException {
        try {
            in.readAllBytes();
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

    private static String lines(String... fields) {
        return fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    }
}
