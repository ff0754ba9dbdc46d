package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://h, h, 80, /",
        "http://h:8080, h, 8080, /",
        "http://h/a/b?c=1%#d, h, 80, /a/b?c=1%",
        "http://h?c, h, 80, /?c",
        "http://h#d, h, 80, /",
        "http://[::1]:8080/x, ::1, 8080, /x",
        "http://[::1]/x, ::1, 80, /x",
        "tcp://10.0.0.1:5432, 10.0.0.1, 5432, /"})
    void takesUrlsApart(String text, String host, int port, String target) {
        TargetUrl url = TargetUrl.parse(text);
        assertEquals(host, url.host());
        assertEquals(port, url.port());
        assertEquals(target, url.target());
    }

    @Test
    void keepsTheAuthorityForTheHostField() {
        assertEquals("[::1]:8080", TargetUrl.parse("http://[::1]:8080/x").authority());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h:80", "ftp://h", "http://", "http://:80", "tcp://h", "http://h:0", "http://h:65536",
        "http://h:x", "http://h:"})
    void refusesWhatIsNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> TargetUrl.parse(text));
    }

    @Test
    void saysThatHttpsIsMissing() {
        String message = assertThrows(IllegalArgumentException.class, () -> TargetUrl.parse("https://h")).getMessage();
        assertTrue(message.startsWith("https is not supported yet"), message);
    }
}
