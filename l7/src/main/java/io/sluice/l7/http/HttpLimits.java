package io.sluice.l7.http;

/**
 * The bounds of a message's head and trailers that a parser accepts; {@link BodyFramer#limit} bounds bodies. Immutable.
 *
 * @param headBytes the most bytes of a head, from the start line to the empty line, and of a trailer section
 * @param fields    the most fields in a head, and in a trailer section
 * @param uriBytes  the most bytes of a request target
 */
public record HttpLimits(int headBytes, int fields, int uriBytes) {

    /** 32 KiB, 100 fields, 8 KiB of target. */
    public static final HttpLimits DEFAULT = new HttpLimits(32 * 1024, 100, 8 * 1024);

    private static final int MAX_HEAD_BYTES = 1024 * 1024;
    private static final int MAX_FIELDS = 10_000;

    public HttpLimits {
        inRange("headBytes", headBytes, 64, MAX_HEAD_BYTES);
        inRange("fields", fields, 1, MAX_FIELDS);
        inRange("uriBytes", uriBytes, 1, headBytes);
    }

    private static void inRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
