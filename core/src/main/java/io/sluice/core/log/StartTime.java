package io.sluice.core.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Formats when a session or a request began, for people, in UTC.
 *
 * <p>Owned by the log writer's thread.
 */
public final class StartTime {

    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLF =
            DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.US).withZone(ZoneOffset.UTC);
    private static final long MILLIS_PER_SECOND = 1000;

    private long clfSecond = Long.MIN_VALUE;
    private String clf;

    /** To the millisecond: {@code 2026-11-21T10:00:00.000Z}. */
    public static String iso(long epochMs) {
        return ISO.format(Instant.ofEpochMilli(epochMs));
    }

    /** To the second, as web servers write it: {@code 21/Nov/2026:10:00:00 +0000}. Formatted once for each second. */
    public String clf(long epochMs) {
        long second = Math.floorDiv(epochMs, MILLIS_PER_SECOND);
        if (second != clfSecond) {
            clfSecond = second;
            clf = CLF.format(Instant.ofEpochSecond(second));
        }
        return clf;
    }
}
