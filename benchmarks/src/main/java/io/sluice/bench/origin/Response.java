package io.sluice.bench.origin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One response, prepared to be sent any number of times. Head and start of the body are in one buffer, so that a small
 * response takes one write; the rest comes from a block that all responses share. Owned by one event loop.
 */
final class Response {

    private static final int MOST_BODY_IN_FRONT = 64 * 1024;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final ByteBuffer front;
    private final ByteBuffer block;
    private final int headBytes;
    private final long bodyBytes;
    private final boolean persistent;

    private Response(byte[] head, byte[] text, long bodyBytes, ByteBuffer block, boolean persistent) {
        this.block = block;
        this.bodyBytes = bodyBytes;
        this.persistent = persistent;
        headBytes = head.length;
        int inFront = (int) Math.min(bodyBytes, MOST_BODY_IN_FRONT);
        front = ByteBuffer.allocateDirect(headBytes + inFront).put(head);
        for (int i = 0; i < inFront; i++) {
            front.put(text == null ? Body.at(i) : text[i]);
        }
    }

    /** A response with the bytes of {@link Body}. */
    static Response of(int status, long sizeBytes, ByteBuffer block, boolean persistent) {
        boolean bodiless = status == NO_CONTENT || status == NOT_MODIFIED;
        byte[] head = head(status, bodiless ? "" : "Content-Length: " + sizeBytes + "\r\n", persistent);
        return new Response(head, null, bodiless ? 0 : sizeBytes, block, persistent);
    }

    /** A response with a text, after which the connection closes. */
    static Response telling(int status, String text) {
        byte[] body = (text + '\n').getBytes(StandardCharsets.ISO_8859_1);
        return new Response(head(status, "Content-Length: " + body.length + "\r\n", false), body, body.length, null,
                false);
    }

    boolean isPersistent() {
        return persistent;
    }

    long headBytes() {
        return headBytes;
    }

    long length() {
        return headBytes + bodyBytes;
    }

    /** The bytes from {@code position} to {@code end}, as far as they are in one buffer. */
    ByteBuffer from(long position, long end) {
        if (position < front.capacity()) {
            return front.limit((int) Math.min(front.capacity(), end)).position((int) position);
        }
        return Body.window(block, position - headBytes, end - position);
    }

    private static byte[] head(int status, String length, boolean persistent) {
        String head = "HTTP/1.1 " + status + ' ' + reason(status) + "\r\nServer: sluice-origin\r\n"
                + "Content-Type: text/plain\r\n" + length + (persistent ? "" : "Connection: close\r\n") + "\r\n";
        return head.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "As Asked For";
        };
    }
}
