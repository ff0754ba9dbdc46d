package io.sluice.l7.http;

/**
 * The bounds of a message that a parser accepts. Immutable.
 *
 * @param headBytes the most bytes of a head, from the start line to the empty line, and of a trailer section
 * @param fields    the most fields in a head, and in a trailer section
 * @param uriBytes  the most bytes of a request target
 * @param bodyBytes the most bytes of a body, without chunk framing; {@link Long#MAX_VALUE} means unlimited, as for
 *                  responses
 */
public record HttpLimits(int headBytes, int fields, int uriBytes, long bodyBytes) {

    /** 32 KiB, 100 fields, 8 KiB of target, an unlimited body. */
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
