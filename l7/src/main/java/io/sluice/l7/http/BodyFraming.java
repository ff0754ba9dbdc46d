package io.sluice.l7.http;

/** How the end of a message body is known (RFC 9112, section 6.3). */
public enum BodyFraming {
    /** There is no body. */
    NONE,
    /** The body has {@code contentLength()} bytes. */
    LENGTH,
    /** Chunks, the last of length zero. */
    CHUNKED,
    /** The body of a response that lasts until the server closes. */
    UNTIL_CLOSE,
    /** No HTTP follows: the answer to CONNECT or Upgrade turned the connection into a tunnel. */
    TUNNEL
}
