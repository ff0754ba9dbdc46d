package io.sluice.l7.proxy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The current time for the Date field (RFC 9110, section 5.6.7), formatted once a second. Safe from any thread. */
final class HttpDate {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final long SECOND_MS = 1000;

    private static volatile HttpDate latest = new HttpDate(0);

    private final long second;
    private final byte[] text;

    private HttpDate(long second) {
        this.second = second;
        text = Ascii.bytes(FORMAT.format(Instant.ofEpochSecond(second)));
    }

    /** A shared array, which callers must not change. */
    static byte[] now() {
        long second = System.currentTimeMillis() / SECOND_MS;
        HttpDate date = latest;
        if (date.second != second) {
            date = new HttpDate(second);
            latest = date;
        }
        return date.text;
    }
}
