package io.sluice.l7.http;

/** The methods that Sluice knows by name; method names are case-sensitive (RFC 9110, section 9). Immutable. */
public enum HttpMethod {
    /** Any other method; its name is in the request. */
    OTHER(false),
    GET(true),
    HEAD(true),
    POST(false),
    PUT(true),
    DELETE(true),
    CONNECT(false),
    OPTIONS(true),
    TRACE(true),
    PATCH(false);

    private final boolean idempotent;
    private final long word;

    HttpMethod(boolean idempotent) {
        this.idempotent = idempotent;
        byte[] padded = new byte[Long.BYTES];
        System.arraycopy(Octets.ascii(name()), 0, padded, 0, name().length());
        this.word = Octets.word(padded, 0);
    }

    /** Whether sending the request twice has the same effect as sending it once (RFC 9110, section 9.2.2). */
    public boolean isIdempotent() {
        return idempotent;
    }

    /** The method of that name; the array is padded. */
    static HttpMethod of(byte[] bytes, int offset, int length) {
        return switch (length) {
            case 3 -> oneOf(bytes, offset, length, GET, PUT);
            case 4 -> oneOf(bytes, offset, length, POST, HEAD);
            case 5 -> oneOf(bytes, offset, length, PATCH, TRACE);
            case 6 -> oneOf(bytes, offset, length, DELETE, DELETE);
            case 7 -> oneOf(bytes, offset, length, OPTIONS, CONNECT);
            default -> OTHER;
        };
    }

    private static HttpMethod oneOf(byte[] bytes, int offset, int length, HttpMethod first, HttpMethod second) {
        long name = Octets.word(bytes, offset) & -1L >>> Long.SIZE - length * Byte.SIZE;
        if (name == first.word) {
            return first;
        }
        return name == second.word ? second : OTHER;
    }
}
