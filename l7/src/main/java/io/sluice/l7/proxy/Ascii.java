package io.sluice.l7.proxy;

import java.nio.charset.StandardCharsets;

/** Protocol texts as shared byte arrays, which callers must not change. Safe from any thread. */
final class Ascii {

    static final byte[] HTTP_1_1_END = bytes(" HTTP/1.1\r\n");
    static final byte[] STATUS_LINE = bytes("HTTP/1.1 ");
    static final byte[] HOST = bytes("Host: ");
    static final byte[] CONTENT_LENGTH = bytes("Content-Length: ");
    static final byte[] CONTENT_TYPE = bytes("Content-Type: ");
    static final byte[] TRANSFER_ENCODING_CHUNKED = bytes("Transfer-Encoding: chunked\r\n");
    static final byte[] CONNECTION_CLOSE = bytes("Connection: close\r\n");
    static final byte[] CONNECTION_KEEP_ALIVE = bytes("Connection: keep-alive\r\n");
    static final byte[] CONNECTION_UPGRADE = bytes("Connection: upgrade\r\n");
    static final byte[] UPGRADE = bytes("Upgrade: ");
    static final byte[] TE_TRAILERS = bytes("Connection: TE\r\nTE: trailers\r\n");
    static final byte[] DATE = bytes("Date: ");
    static final byte[] LOCATION = bytes("Location: ");
    static final byte[] SET_COOKIE = bytes("Set-Cookie: ");
    static final byte[] RETRY_AFTER = bytes("Retry-After: ");
    static final byte[] RETRY_AFTER_1 = bytes("Retry-After: 1\r\n");
    static final byte[] ALLOW = bytes("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE\r\n");
    static final byte[] X_REQUEST_ID = bytes("X-Request-Id: ");
    static final byte[] X_FORWARDED_FOR = bytes("X-Forwarded-For: ");
    static final byte[] X_FORWARDED_HOST = bytes("X-Forwarded-Host: ");
    static final byte[] X_FORWARDED_PROTO_HTTP = bytes("X-Forwarded-Proto: http\r\n");
    static final byte[] X_FORWARDED_PROTO_HTTPS = bytes("X-Forwarded-Proto: https\r\n");
    /** The whole response to a client that speaks plain text to a TLS listener. */
    static final byte[] PLAIN_TO_TLS = bytes("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 53\r\nConnection: close\r\n\r\nThis port speaks HTTPS, but the request came as HTTP.");
    static final byte[] X_FORWARDED_PORT = bytes("X-Forwarded-Port: ");
    static final byte[] X_REAL_IP = bytes("X-Real-IP: ");
    static final byte[] FORWARDED = bytes("Forwarded: ");
    static final byte[] VIA = bytes("Via: ");
    static final byte[] MAX_FORWARDS = bytes("Max-Forwards: ");
    static final byte[] LIST_SEPARATOR = bytes(", ");
    static final byte[] NOTHING = new byte[0];

    private Ascii() { }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
