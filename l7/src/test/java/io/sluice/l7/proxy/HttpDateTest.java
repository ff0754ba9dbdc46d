package io.sluice.l7.proxy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class HttpDateTest {

    private static Instant told() {
        String text = new String(HttpDate.now(), StandardCharsets.US_ASCII);
        assertEquals("Mon, 23 Nov 2026 10:00:00 GMT".length(), text.length(), text);
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    @Test
    void tellsEachSecondAnew() {
        Instant first = told();
        assertFalse(first.isAfter(Instant.now()));
        assertFalse(first.isBefore(Instant.now().minusSeconds(60)));
        await().until(() -> told().isAfter(first));
    }
}
