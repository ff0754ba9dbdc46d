package io.sluice.l7.http;

/**
 * How much of a message a parser takes. Immutable.
 *
 * @param headBytes of a head, from the first byte of the start line to the end of the empty line; of a trailer section
 * @param fields    in a head; in a trailer section
 * @param uriBytes  of a request target
 * @param bodyBytes of a request's body, without its chunk framing; {@link Long#MAX_VALUE} means unlimited, as
 *                  responses' bodies are
 */
public record HttpLimits(int headBytes, int fields, int uriBytes, long bodyBytes) {

    /** 32 KiB, 100 fields, 8 KiB of target, a body without bound. */
    public static final HttpLimits DEFAULT = new HttpLimits(32 * 1024, 100, 8 * 1024, Long.MAX_VALUE);

    private static final int MAX_HEAD_BYTES = 1024 * 1024;
    private static final int MAX_FIELDS = 10_000;

    public HttpLimits {
        inRange("headBytes", headBytes, 64, MAX_HEAD_BYTES);
        inRange("fields", fields, 1, MAX_FIELDS);
        inRange("uriBytes", uriBytes, 1, headBytes);
        inRange("bodyBytes", bodyBytes, 0, Long.MAX_VALUE);
    }

    private static void inRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
