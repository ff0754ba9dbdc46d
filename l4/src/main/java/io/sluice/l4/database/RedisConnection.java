package io.sluice.l4.database;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Speaks RESP, the protocol of Redis, version 2 (the Redis documentation, "Redis serialization protocol"). A reply is a
 * {@code String}, a {@code Long}, a {@code List} of replies, an {@link ErrorReply} or null. Owned by one thread.
 */
final class RedisConnection implements AutoCloseable {

    private static final int MOST_ELEMENTS = 10_000;
    private static final int MOST_DEPTH = 8;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private boolean lost;

    /** A server's error: a code and a message. */
    record ErrorReply(String text) {
        String code() {
            int space = text.indexOf(' ');
            return space < 0 ? text : text.substring(0, space);
        }
    }

    RedisConnection(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Adds a command to those that go out with the next {@link #flush}. */
    void add(String... words) {
        unsent.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            unsent.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            unsent.writeBytes(bytes);
            unsent.writeBytes(new byte[] {'\r', '\n'});
        }
    }

    void flush() throws IOException {
        try {
            unsent.writeTo(out);
            out.flush();
        } catch (IOException e) {
            lost = true;
            throw e;
        } finally {
            unsent.reset();
        }
    }

    /** The reply to the next command, in the order of the commands. */
    Object reply() throws IOException {
        // Counts as lost if reading fails: the rest of a reply would be taken for the next one.
        boolean wasLost = lost;
        lost = true;
        Object reply = reply(0);
        lost = wasLost;
        return reply;
    }

    boolean isLost() {
        return lost;
    }

    @Override
    public void close() throws IOException {
        lost = true;
        socket.close();
    }

    private Object reply(int depth) throws IOException {
        int type = octet();
        String line = line();
        return switch (type) {
            case '+' -> line;
            case '-' -> new ErrorReply(line);
            case ':' -> number(line);
            case '$' -> bulk(number(line));
            case '*' -> array(number(line), depth);
            default -> throw noReply();
        };
    }

    private String bulk(long length) throws IOException {
        if (length < 0) {
            return null;
        }
        if (length > BoundedSocket.MOST_BYTES) {
            throw new IOException(BoundedSocket.TOO_MUCH);
        }
        byte[] bytes = in.readNBytes((int) length + 2);
        if (bytes.length < length + 2) {
            throw ended();
        }
        return new String(bytes, 0, (int) length, StandardCharsets.UTF_8);
    }

    private List<Object> array(long length, int depth) throws IOException {
        if (length < 0) {
            return null;
        }
        if (length > MOST_ELEMENTS || depth == MOST_DEPTH) {
            throw new IOException("a reply of too many parts");
        }
        List<Object> elements = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            elements.add(reply(depth + 1));
        }
        // Not List.copyOf: elements may be null.
        return Collections.unmodifiableList(elements);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = octet(); octet != '\n'; octet = octet()) {
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw ended();
        }
        return octet;
    }

    private static EOFException ended() {
        return new EOFException("the server has closed the connection");
    }

    private static long number(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw noReply();
        }
    }

    private static CheckFailedException noReply() {
        return new CheckFailedException(Reason.OTHER_PROTOCOL, "it does not answer as Redis does");
    }
}
