package io.sluice.l7.proxy;

import java.nio.charset.StandardCharsets;

/** The statuses that Sluice answers with by itself, and their reason phrases (RFC 9110, section 15). */
enum Reason {
    BAD_REQUEST(400, "Bad Request"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    REQUEST_TIMEOUT(408, "Request Timeout"),
    CONTENT_TOO_LARGE(413, "Content Too Large"),
    URI_TOO_LONG(414, "URI Too Long"),
    HEADER_FIELDS_TOO_LARGE(431, "Request Header Fields Too Large"),
    INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
    NOT_IMPLEMENTED(501, "Not Implemented"),
    BAD_GATEWAY(502, "Bad Gateway"),
    SERVICE_UNAVAILABLE(503, "Service Unavailable"),
    GATEWAY_TIMEOUT(504, "Gateway Timeout"),
    VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported");

    private static final byte[][] PHRASES = new byte[600][];

    static {
        for (Reason reason : values()) {
            PHRASES[reason.status] = reason.phrase.getBytes(StandardCharsets.US_ASCII);
        }
        put(200, "OK");
        put(201, "Created");
        put(204, "No Content");
        put(301, "Moved Permanently");
        put(302, "Found");
        put(303, "See Other");
        put(307, "Temporary Redirect");
        put(308, "Permanent Redirect");
        put(401, "Unauthorized");
        put(403, "Forbidden");
        put(410, "Gone");
        put(429, "Too Many Requests");
    }

    private final int status;
    private final String phrase;

    Reason(int status, String phrase) {
        this.status = status;
        this.phrase = phrase;
    }

    int status() {
        return status;
    }

    String phrase() {
        return phrase;
    }

    /** The phrase for any status from 200 to 599; an empty one for those that are not known. */
    static byte[] phraseOf(int status) {
        return PHRASES[status] == null ? new byte[0] : PHRASES[status];
    }

    private static void put(int status, String phrase) {
        PHRASES[status] = phrase.getBytes(StandardCharsets.US_ASCII);
    }
}
